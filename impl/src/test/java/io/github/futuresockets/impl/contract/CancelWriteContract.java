package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clause 6: a write is never torn after its first byte was sent. */
abstract class CancelWriteContract extends ContractTest {
    private final byte[] big = megabytes(4);

    /** Starts a write of {@code src}. Some bytes are sent, and the rest stays pending while the peer reads nothing. */
    private CompletableFuture<Void> begun(ByteBuffer src) {
        CompletableFuture<Void> write = socket.write(src);
        assertEquals(big[0], (byte) peer.read());
        assertFalse(write.isDone(), "the kernel took " + big.length + " bytes");
        return write;
    }

    private byte[] rest() {
        byte[] rest = new byte[big.length];
        rest[0] = big[0];
        System.arraycopy(peer.receive(big.length - 1), 0, rest, 1, big.length - 1);
        return rest;
    }

    @Test
    void clause06_writeCancelledBeforeFirstByte_sendsNothing() {
        converseNarrowly();
        CompletableFuture<Void> first = begun(ByteBuffer.wrap(big));
        ByteBuffer src = ByteBuffer.wrap("never sent".getBytes(UTF_8));
        CompletableFuture<Void> second = socket.write(src);
        CompletableFuture<Void> third = socket.write("third");
        assertTrue(second.cancel(false));
        assertEquals(0, src.position());
        assertEquals(10, src.limit());
        Await.failure(CancellationException.class, second);
        assertArrayEquals(big, rest());
        Await.value(first);
        Await.value(third);
        assertEquals("third", peer.text(5));
        assertTrue(socket.isOpen());
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "direct", "read-only"})
    void clause06_cancelledInTheMiddleTheStreamIsWhole(String kind) {
        converseNarrowly();
        ByteBuffer src =
                kind.equals("direct") ? ByteBuffer.allocateDirect(big.length) : ByteBuffer.allocate(big.length);
        ByteBuffer lent = kind.equals("read-only")
                ? src.put(big).flip().asReadOnlyBuffer()
                : src.put(big).flip();
        CompletableFuture<Void> first = begun(lent);
        CompletableFuture<Void> second = socket.write("behind it");
        assertTrue(first.cancel(false));
        assertEquals(0, lent.position(), "otherwise where it was");
        for (int i = 0; i < big.length; i++) {
            src.put(i, (byte) 0);
        }
        assertArrayEquals(big, rest());
        assertEquals("behind it", peer.text(9));
        Await.value(second);
        Await.failure(CancellationException.class, first);
        assertTrue(socket.isOpen());
    }

    @Test
    void clause06_cancelledByteArrayMayBeChangedAtOnce() {
        converseNarrowly();
        byte[] lent = big.clone();
        CompletableFuture<Void> write = socket.write(lent);
        assertEquals(big[0], (byte) peer.read());
        assertTrue(write.cancel(false));
        Arrays.fill(lent, (byte) 0);
        assertArrayEquals(big, rest());
    }

    @Test
    void clause06_moreThanTheQueueLimitLeftAbortsInstead() {
        converseNarrowly(builder -> builder.writeQueueLimit(100_000));
        CompletableFuture<Void> write = begun(ByteBuffer.wrap(big));
        assertTrue(write.cancel(false));
        Await.failure(CancellationException.class, write);
        CloseReason reason = Await.value(socket.closed());
        assertEquals(CloseReason.Kind.ABORTED, reason.kind());
        peer.awaitOver();
    }

    @Test
    void clause06_timedOutWrite_behavesLikeCancelledWrite() {
        converseNarrowly();
        CompletableFuture<Void> begun = begun(ByteBuffer.wrap(big)).orTimeout(20, TimeUnit.MILLISECONDS);
        ByteBuffer src = ByteBuffer.wrap(new byte[10]);
        CompletableFuture<Void> waiting = socket.write(src).orTimeout(20, TimeUnit.MILLISECONDS);
        Await.failure(TimeoutException.class, begun);
        Await.failure(TimeoutException.class, waiting);
        assertEquals(0, src.position());
        assertTrue(socket.isOpen());
        CompletableFuture<Void> end = socket.write("end");
        assertArrayEquals(big, rest());
        assertEquals("end", peer.text(3));
        Await.value(end);
    }

    @Test
    void clause06_cancelOfADoneWriteIsRefused() {
        converse();
        CompletableFuture<Void> write = socket.write("done");
        Await.value(write);
        assertFalse(write.cancel(false));
        assertEquals("done", peer.text(4));
    }

    @Test
    void clause06_derivedFutureWithdrawsAWriteThatHasNotBegun() {
        converseNarrowly();
        CompletableFuture<Void> first = begun(ByteBuffer.wrap(big));
        CompletableFuture<Void> second = socket.write("never sent");
        assertTrue(second.thenRun(() -> {}).cancel(false));
        assertTrue(second.isDone());
        CompletableFuture<Void> end = socket.shutdownOutput();
        assertArrayEquals(big, rest());
        assertEquals(-1, peer.read());
        Await.value(first);
        Await.value(end);
    }

    @Test
    void shutdownOutput_isNotTakenBackByACancel() {
        converseNarrowly();
        CompletableFuture<Void> first = begun(ByteBuffer.wrap(big));
        CompletableFuture<Void> end = socket.shutdownOutput();
        assertTrue(socket.shutdownOutput().cancel(false));
        assertTrue(end.cancel(false));
        Await.failure(ClosedChannelException.class, socket.write("more"));
        assertArrayEquals(big, rest());
        assertEquals(-1, peer.read());
        Await.value(first);
        Await.value(socket.shutdownOutput());
    }

    @Test
    void clause06_cancelAgainstSendingConservesEveryWrite() {
        converseNarrowly();
        int turns = 300;
        int size = 20_000;
        CompletableFuture<byte[]> received = Background.call(peer::receiveAll);
        CompletableFuture<?>[] writes = new CompletableFuture<?>[turns];
        boolean[] cancelled = new boolean[turns];
        for (int i = 0; i < turns; i++) {
            byte[] bytes = new byte[size];
            Arrays.fill(bytes, (byte) (i % 127 + 1));
            ByteBuffer src = ByteBuffer.wrap(bytes);
            writes[i] = socket.write(src);
            if (i % 3 == 2) {
                cancelled[i - 1] = writes[i - 1].cancel(false);
                cancelled[i] = writes[i].cancel(false);
                if (cancelled[i]) {
                    assertEquals(0, src.position());
                    Arrays.fill(bytes, (byte) 0);
                }
            }
        }
        Await.value(socket.shutdownOutput());
        byte[] stream = Await.value(received);
        assertEquals(0, stream.length % size, "every write is there whole or not at all");
        int next = 0;
        for (int at = 0; at < stream.length; at += size) {
            byte mark = stream[at];
            for (int i = at; i < at + size; i++) {
                assertEquals(mark, stream[i], "torn at " + i);
            }
            while ((byte) (next % 127 + 1) != mark) {
                assertTrue(cancelled[next], "write " + next + " is missing");
                next++;
            }
            next++;
        }
        for (; next < turns; next++) {
            assertTrue(cancelled[next], "write " + next + " is missing");
        }
    }
}
