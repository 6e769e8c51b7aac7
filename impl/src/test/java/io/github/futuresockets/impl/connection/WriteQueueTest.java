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

    /** A write of a pooled buffer that is sent without a copy. */
    private static final class Own extends ForwardingWrite {
        Own(WriteSide side, ByteBuffer chunk) {
            super(side);
            reuse(chunk);
        }

        @Override
        protected void ended(Throwable failure, ByteBuffer untaken) {
            throw new IllegalStateException("not completed by the queue");
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
            queue.stage(host.loop.chunks());
            return queue.chunk();
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
        assertNull(queue.taken(2));
        remove(a);
        assertEquals(1, queue.bytes());
    }

    private Barrier barrier() {
        Barrier barrier = new Barrier(side, "upgrade", () -> {}, failure -> {});
        queue.append(barrier);
        return barrier;
    }

    @Test
    void nextBarrier_behindWrites_isNextAfterTheLast() {
        Write a = append("a");
        Barrier barrier = barrier();
        assertTrue(queue.isShut());
        assertNull(queue.nextBarrier());
        remove(a);
        assertSame(barrier, queue.nextBarrier());
        synchronized (side.state()) {
            barrier.reach();
        }
        assertNull(queue.nextBarrier(), "its upgrade has begun");
        assertTrue(queue.isShut());
        queue.remove(new Barrier(side, "another", () -> {}, failure -> {}));
        assertTrue(queue.isShut());
        queue.remove(barrier);
        assertFalse(queue.isShut());
    }

    @Test
    void end_behindBarrier_isQueuedByCloseOnly() {
        barrier();
        ShutdownWrite end = new ShutdownWrite(side);
        assertNull(queue.end(end, false));
        assertTrue(queue.isEmpty());
        assertSame(end, queue.end(end, true));
        assertEquals(List.of(end), queued());
    }

    @Test
    void end_secondCall_returnsTheFirstUntilTheClose() {
        ShutdownWrite end = new ShutdownWrite(side);
        assertSame(end, queue.end(end, false));
        assertSame(end, queue.end(new ShutdownWrite(side), false));
        assertTrue(queue.shutBy().contains("shut down"));
        assertSame(end, queue.end(new ShutdownWrite(side), true));
        assertNull(queue.end(new ShutdownWrite(side), false));
        assertTrue(queue.shutBy().contains("closed"));
        assertEquals(List.of(end), queued());
        assertFalse(queue.isEndSent());
        remove(end);
        assertTrue(queue.isEndSent());
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
        assertNull(queue.taken(BufferPool.LARGE).next);
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
        assertNotSame(null, queue.taken(1));
        assertSame(chunk, stage());
    }

    @Test
    void unstageSource_refusedByTheKernel_belongsToTheWriteAgain() {
        ByteBuffer chunk = ByteBuffer.allocateDirect(3);
        Write own = append(new Own(side, chunk));
        assertSame(chunk, stage());
        assertEquals(0, own.unstaged());
        queue.taken(1);
        queue.unstageSource();
        assertEquals(2, own.unstaged());
        assertNull(queue.chunk());
    }

    @Test
    void unstageSource_copiedBytes_keepsTheBuffer() {
        append("abc");
        ByteBuffer staged = stage();
        queue.unstageSource();
        assertSame(staged, queue.chunk());
    }

    @Test
    void cork_asLongAsThereIsRoom_copiesTheBytesAtOnce() {
        ByteBuffer source = ByteBuffer.allocate(3);
        Write a = append(new Write(side, source));
        Write large = append(BufferPool.SMALL);
        synchronized (side.state()) {
            assertTrue(queue.cork(a, host.loop.chunks()));
            assertFalse(queue.cork(large, host.loop.chunks()));
        }
        assertEquals(3, source.position());
        queue.uncork();
        assertEquals(3, queue.chunk().remaining());
    }

    @Test
    void taken_acrossWrites_returnsTheCompleteWritesInOrder() {
        Write a = append("a");
        Write b = append("bb");
        Write c = append("ccc");
        stage();
        assertEquals(List.of(a, b), list(queue.taken(4)));
        assertEquals(List.of(c), queued());
        assertEquals(2, queue.bytes());
        assertEquals(List.of(c), list(queue.taken(2)));
        assertEquals(List.of(), queued());
        assertEquals(0, queue.bytes());
    }

    @Test
    void taken_completeWrite_movesThePositionOfItsSource() {
        ByteBuffer source = ByteBuffer.allocate(3);
        append(new Write(side, source));
        stage();
        queue.taken(2);
        assertEquals(0, source.position());
        queue.taken(1);
        assertEquals(3, source.position());
    }

    @Test
    void taken_nothing_completesEmptyWritesAtTheFront() {
        Write a = append("");
        Write b = append("");
        Write c = append("c");
        append("");
        assertEquals(List.of(a, b), list(queue.taken(0)));
        assertSame(c, queue.first());
    }

    @Test
    void taken_endThatWasNotFlushed_staysInTheQueue() {
        append("a");
        ShutdownWrite end = new ShutdownWrite(side);
        append(end);
        stage();
        assertNotSame(end, queue.taken(1));
        assertEquals(List.of(end), queued());
        end.exclusive = false;
        assertSame(end, queue.taken(0));
        assertEquals(List.of(), queued());
    }

    @Test
    void isCongested_fromTheHighMarkToTheLowMark() {
        append(HIGH - 1);
        assertFalse(queue.isCongested());
        append(1);
        assertTrue(queue.isCongested());
        queue.taken(HIGH - LOW - 1);
        assertTrue(queue.isCongested(), "one byte above the low-water mark");
        queue.taken(1);
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
