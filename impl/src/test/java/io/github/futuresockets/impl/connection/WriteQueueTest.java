package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.transport.BufferPool;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the queue of writes alone. */
class WriteQueueTest {
    private static final int HIGH = 64 << 10;
    private static final int LOW = 32 << 10;

    private final ScriptedHost host = ScriptedHost.make();
    private final WriteSide side = host.writes();
    private final WriteQueue queue = new WriteQueue();

    /** A write that upgrades the connection. */
    private static final class Upgrade extends Write {
        Upgrade(WriteSide side) {
            super(side, ByteBuffer.allocate(0));
        }

        @Override
        protected boolean isUpgrade() {
            return true;
        }
    }

    /** A write of a pooled buffer that is sent without a copy. */
    private static final class Own extends Write {
        Own(WriteSide side, ByteBuffer chunk) {
            super(side, chunk);
        }

        @Override
        protected ByteBuffer ownChunk() {
            return source();
        }
    }

    private Write append(Write write) {
        queue.append(write);
        return write;
    }

    private Write append(String text) {
        return append(new Write(side, ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1))));
    }

    private Write append(int bytes) {
        return append(new Write(side, ByteBuffer.allocate(bytes)));
    }

    private ByteBuffer stage() {
        synchronized (side.state()) {
            return queue.stage(host.loop.chunks());
        }
    }

    private String staged() {
        return StandardCharsets.ISO_8859_1.decode(stage()).toString();
    }

    private static List<Write> list(Write first) {
        List<Write> all = new ArrayList<>();
        for (Write each = first; each != null; each = each.next) {
            all.add(each);
            assertTrue(all.size() < 10, "a cycle");
        }
        return all;
    }

    /** Returns the writes from the first to the last, after a check of the links in both directions. */
    private List<Write> queued() {
        List<Write> all = list(queue.first());
        for (int i = 0; i < all.size(); i++) {
            assertTrue(all.get(i).queued);
            assertSame(i == 0 ? null : all.get(i - 1), all.get(i).previous);
        }
        assertEquals(all.size(), queue.count());
        assertEquals(all.isEmpty(), queue.isEmpty());
        return all;
    }

    private void remove(Write write) {
        queue.remove(write);
        assertFalse(write.queued);
        assertNull(write.next);
        assertNull(write.previous);
    }

    @Test
    void append_severalWrites_keepsTheirOrderAndCountsTheirBytes() {
        Write a = append("a");
        Write b = append("bb");
        Write c = append("");
        assertEquals(List.of(a, b, c), queued());
        assertEquals(3, queue.bytes());
    }

    @Test
    void remove_first_keepsTheOthers() {
        Write a = append("a");
        Write b = append("bb");
        Write c = append("ccc");
        remove(a);
        assertEquals(List.of(b, c), queued());
        assertEquals(5, queue.bytes());
    }

    @Test
    void remove_middle_keepsTheOthers() {
        Write a = append("a");
        Write b = append("bb");
        Write c = append("ccc");
        remove(b);
        assertEquals(List.of(a, c), queued());
        assertEquals(4, queue.bytes());
    }

    @Test
    void remove_last_nextWriteFollowsTheRest() {
        Write a = append("a");
        Write b = append("bb");
        remove(b);
        Write c = append("ccc");
        assertEquals(List.of(a, c), queued());
    }

    @Test
    void remove_only_leavesAnEmptyQueue() {
        remove(append("a"));
        assertEquals(List.of(), queued());
        Write b = append("b");
        assertEquals(List.of(b), queued());
    }

    @Test
    void remove_partlyTaken_subtractsTheRest() {
        Write a = append("abc");
        append("d");
        assertNull(queue.taken(2, null));
        remove(a);
        assertEquals(1, queue.bytes());
    }

    @Test
    void isUpgrading_untilTheUpgradeIsRemoved() {
        append("a");
        assertFalse(queue.isUpgrading());
        Write upgrade = append(new Upgrade(side));
        assertTrue(queue.isUpgrading());
        remove(queue.first());
        assertTrue(queue.isUpgrading());
        remove(upgrade);
        assertFalse(queue.isUpgrading());
    }

    @Test
    void stage_severalWrites_gathersThemInOneBuffer() {
        append("a");
        append("");
        append("bc");
        assertEquals("abc", staged());
        assertEquals(3, queue.bytes(), "staged bytes stay queued until the kernel has taken them");
    }

    @Test
    void stage_moreThanFits_continuesInTheMiddleOfTheWrite() {
        append(BufferPool.LARGE - 1);
        append("abc");
        assertEquals(BufferPool.LARGE, stage().remaining());
        assertNull(queue.taken(BufferPool.LARGE, null).next);
        assertEquals("bc", staged());
    }

    @Test
    void stage_changedBuffer_stopsBeforeTheNextWrite() {
        append("a");
        ByteBuffer source = ByteBuffer.wrap(new byte[] {'b', 'b'});
        append(new Write(side, source));
        append("c");
        source.position(1);
        assertEquals("a", staged());
    }

    @Test
    void stage_endOfOutput_stopsBeforeTheEnd() {
        append("a");
        append(new ShutdownWrite(side));
        append("b");
        assertEquals("a", staged());
    }

    @Test
    void stage_ownBufferFirst_isSentWithoutCopy() {
        ByteBuffer chunk = ByteBuffer.allocateDirect(3);
        append(new Own(side, chunk));
        append("b");
        assertSame(chunk, stage());
    }

    @Test
    void stage_ownBufferLater_isNotCopied() {
        append("a");
        ByteBuffer chunk = ByteBuffer.allocateDirect(3);
        Write own = append(new Own(side, chunk));
        assertEquals("a", staged());
        assertFalse(own.hasBegun());
        assertNotSame(null, queue.taken(1, null));
        assertSame(chunk, stage());
    }

    @Test
    void taken_acrossWrites_returnsTheCompleteWritesInOrder() {
        Write a = append("a");
        Write b = append("bb");
        Write c = append("ccc");
        stage();
        assertEquals(List.of(a, b), list(queue.taken(4, null)));
        assertEquals(List.of(c), queued());
        assertEquals(2, queue.bytes());
        assertEquals(List.of(c), list(queue.taken(2, null)));
        assertEquals(List.of(), queued());
        assertEquals(0, queue.bytes());
    }

    @Test
    void taken_completeWrite_movesThePositionOfItsSource() {
        ByteBuffer source = ByteBuffer.allocate(3);
        append(new Write(side, source));
        stage();
        queue.taken(2, null);
        assertEquals(0, source.position());
        queue.taken(1, null);
        assertEquals(3, source.position());
    }

    @Test
    void taken_nothing_completesEmptyWritesAtTheFront() {
        Write a = append("");
        Write b = append("");
        Write c = append("c");
        append("");
        assertEquals(List.of(a, b), list(queue.taken(0, null)));
        assertSame(c, queue.first());
    }

    @Test
    void taken_endThatWasNotFlushed_staysInTheQueue() {
        append("a");
        ShutdownWrite end = new ShutdownWrite(side);
        append(end);
        stage();
        assertNotSame(end, queue.taken(1, null));
        assertEquals(List.of(end), queued());
        assertSame(end, queue.taken(0, end));
        assertEquals(List.of(), queued());
    }

    @Test
    void isCongested_fromTheHighMarkToTheLowMark() {
        append(HIGH - 1);
        assertFalse(queue.isCongested());
        append(1);
        assertTrue(queue.isCongested());
        queue.taken(HIGH - LOW - 1, null);
        assertTrue(queue.isCongested(), "one byte above the low-water mark");
        queue.taken(1, null);
        assertFalse(queue.isCongested());
        append(HIGH - LOW - 1);
        assertFalse(queue.isCongested(), "one byte below the high-water mark");
    }

    @Test
    void isCongested_afterRemoval_followsTheRest() {
        append(LOW);
        Write large = append(LOW);
        assertTrue(queue.isCongested());
        remove(large);
        assertFalse(queue.isCongested());
    }

    @Test
    void clear_returnsAllWritesInOrderAndLeavesAnEmptyQueue() {
        Write a = append("a");
        Write b = append("bb");
        assertEquals(List.of(a, b), list(queue.clear()));
        assertFalse(a.queued || b.queued);
        assertNull(b.previous);
        assertEquals(List.of(), queued());
        assertEquals(0, queue.bytes());
        assertNull(queue.clear());
    }
}
