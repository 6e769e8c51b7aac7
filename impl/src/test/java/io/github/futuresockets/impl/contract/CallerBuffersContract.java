package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.impl.support.ArenaMemory;
import io.github.futuresockets.impl.support.Await;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reads into buffers of the caller: {@code readAtLeast}, and {@code read} into several buffers. */
abstract class CallerBuffersContract extends ContractTest {
    private static final String UNTOUCHED = "0123456789";

    private static ByteBuffer untouched() {
        return ByteBuffer.wrap(UNTOUCHED.getBytes(StandardCharsets.UTF_8));
    }

    /** Asserts the position, the limit and all bytes of a buffer made by {@link #untouched}. */
    private static void assertBuffer(String content, int position, int limit, ByteBuffer dst) {
        assertEquals(position, dst.position());
        assertEquals(limit, dst.limit());
        assertEquals(content, new String(dst.array(), StandardCharsets.UTF_8));
    }

    /** Sends bytes, and waits until all of them are in the read buffer. */
    private void arrived(String bytes) {
        peer.send(bytes);
        Await.value(socket.peek(bytes.length()));
    }

    @Test
    void readAtLeast_minimumIsThere_givesAllThatHasRoom() {
        converse();
        arrived("abcdefgh");
        ByteBuffer dst = untouched().position(2).limit(7);
        assertEquals(5, Await.value(socket.readAtLeast(dst, 3)));
        assertBuffer("01abcde789", 7, 7, dst);
        ByteBuffer roomy = untouched().position(1);
        assertEquals(3, Await.value(socket.readAtLeast(roomy, 1)));
        assertBuffer("0fgh456789", 4, 10, roomy);
    }

    @Test
    void readAtLeast_fewerBytes_waitsAndLeavesTheBuffer() {
        converse();
        ByteBuffer dst = untouched().position(1).limit(9);
        CompletableFuture<Integer> read = socket.readAtLeast(dst, 4);
        peer.send("abc");
        awaitBuffered(3);
        assertFalse(read.isDone());
        assertBuffer(UNTOUCHED, 1, 9, dst);
        peer.send("d");
        assertEquals(4, Await.value(read));
        assertBuffer("0abcd56789", 5, 9, dst);
    }

    @Test
    void readAtLeast_streamEndsBefore_failsAndTheBytesStay() {
        converse();
        peer.send("abc").end();
        ByteBuffer dst = untouched();
        IncompleteReadException failure = Await.failure(IncompleteReadException.class, socket.readAtLeast(dst, 4));
        assertEquals("abc", ReadMode.string(failure.partial()));
        assertEquals(4, failure.expected());
        assertBuffer(UNTOUCHED, 0, 10, dst);
        assertEquals(3, Await.value(socket.readAtLeast(dst, 3)));
        assertBuffer("abc3456789", 3, 10, dst);
        Await.failure(IncompleteReadException.class, socket.readAtLeast(dst, 1));
        assertBuffer("abc3456789", 3, 10, dst);
    }

    @Test
    void clause05_cancelledReads_leaveTheBuffersAndTheBytes() {
        converse();
        ByteBuffer dst = untouched();
        CompletableFuture<Integer> least = socket.readAtLeast(dst, 4);
        peer.send("abc");
        awaitBuffered(3);
        assertTrue(least.cancel(false));
        assertBuffer(UNTOUCHED, 0, 10, dst);
        assertEquals("abc", ReadMode.string(Await.value(socket.readExactly(3))));
        ByteBuffer second = untouched();
        CompletableFuture<Integer> scatter = socket.read(dst, second);
        assertTrue(scatter.cancel(false));
        peer.send("def");
        assertEquals("def", ReadMode.string(Await.value(socket.readExactly(3))));
        assertBuffer(UNTOUCHED, 0, 10, dst);
        assertBuffer(UNTOUCHED, 0, 10, second);
    }

    @Test
    void read_severalBuffers_fillsThemInOrder() {
        converse();
        arrived("abcdefg");
        ByteBuffer first = untouched().position(8);
        ByteBuffer full = ByteBuffer.allocate(0);
        ByteBuffer direct = ByteBuffer.allocateDirect(3);
        ByteBuffer last = untouched().position(1);
        assertEquals(7, Await.value(socket.read(first, full, direct, last)));
        assertBuffer("01234567ab", 10, 10, first);
        assertEquals("cde", ReadMode.string(direct.flip()));
        assertBuffer("0fg3456789", 3, 10, last);
    }

    @Test
    void read_severalBuffers_takesNoMoreThanTheirRoom() {
        converse();
        arrived("abcdefg");
        ByteBuffer first = untouched().limit(2);
        ByteBuffer second = untouched().position(7);
        assertEquals(5, Await.value(socket.read(first, second)));
        assertBuffer("ab23456789", 2, 2, first);
        assertBuffer("0123456cde", 10, 10, second);
        assertEquals("fg", ReadMode.string(Await.value(socket.readSome(9))));
    }

    @Test
    void read_severalBuffersPending_fillsTheBuffersOfTheCall() {
        converse();
        ByteBuffer first = untouched().limit(1);
        ByteBuffer second = untouched();
        ByteBuffer[] more = {second};
        CompletableFuture<Integer> read = socket.read(first, more);
        Arrays.fill(more, null);
        peer.send("abc");
        assertEquals(3, Await.value(read));
        assertBuffer("a123456789", 1, 1, first);
        assertBuffer("bc23456789", 2, 10, second);
    }

    @Test
    void read_severalBuffersAtTheEnd_leavesTheBuffers() {
        converse();
        ByteBuffer first = untouched();
        ByteBuffer second = untouched();
        CompletableFuture<Integer> read = socket.read(first, second);
        peer.end();
        assertEquals(-1, Await.value(read));
        assertEquals(-1, Await.value(socket.read(first, second)));
        assertBuffer(UNTOUCHED, 0, 10, first);
        assertBuffer(UNTOUCHED, 0, 10, second);
    }

    @Test
    void read_sameBufferTwice_fillsTheBufferOnce() {
        converse();
        arrived("abcdef");
        ByteBuffer dst = untouched().limit(4);
        assertEquals(4, Await.value(socket.read(dst, dst)));
        assertBuffer("abcd456789", 4, 4, dst);
        assertEquals("ef", ReadMode.string(Await.value(socket.readSome(9))));
    }

    @Test
    void read_intoReleasedMemory_failsAndTheBytesStay() throws Exception {
        assumeTrue(Runtime.version().feature() >= 22, "no released memory");
        converse();
        arrived("abcdef");
        ArenaMemory released = ArenaMemory.shared();
        released.close();
        ByteBuffer first = ByteBuffer.allocate(4);
        Await.failure(IllegalStateException.class, socket.read(first, released.buffer()));
        assertEquals(0, first.position());
        assertEquals(0, released.buffer().position());
        Await.failure(IllegalStateException.class, socket.readAtLeast(released.buffer(), 2));
        assertEquals("abcdef", ReadMode.string(Await.value(socket.readExactly(6))));
    }
}
