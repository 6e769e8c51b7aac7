package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Clause 9: back-pressure by {@code writable}, by the limit of the write queue and by pulled reads. */
abstract class BackPressureContract extends ContractTest {
    private static final int KIB = 1_024;

    /** Returns the number of pending writes, each of 1 KiB. Only the first pending write may be partly sent. */
    private static int waiting(List<CompletableFuture<Void>> writes) {
        return (int) writes.stream().filter(write -> !write.isDone()).count();
    }

    @Test
    void clause09_writable_followsHighAndLowMark() {
        converseNarrowly();
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        while (waiting(writes) < 63) {
            Await.value(socket.writable());
            writes.add(socket.write(new byte[KIB]));
        }
        while (waiting(writes) < 70) {
            writes.add(socket.write(new byte[KIB]));
        }
        CompletableFuture<Void> writable = socket.writable();
        assertFalse(writable.isDone(), () -> "at least " + (waiting(writes) - 1) + " KiB wait");
        CompletableFuture<Void> cancelled = socket.writable();
        assertTrue(cancelled.cancel(false));
        int read = 0;
        while (waiting(writes) > 32) {
            if (writable.isDone()) {
                Await.until(() -> waiting(writes) + " KiB wait, not 32", () -> waiting(writes) <= 33);
                break;
            }
            peer.receive(KIB);
            read += KIB;
        }
        Await.value(writable);
        int rest = writes.size() * KIB - read;
        assertEquals(rest, peer.receive(rest).length);
        writes.forEach(Await::value);
    }

    @Test
    void clause09_writableIsDoneWhenTheQueueIsEmptyAgain() {
        converseNarrowly();
        assertTrue(socket.writable().isDone());
        CompletableFuture<Void> big = socket.write(megabytes(4));
        CompletableFuture<Void> writable = socket.writable();
        assertFalse(writable.isDone());
        peer.receive(4 << 20);
        Await.value(big);
        Await.value(writable);
    }

    @Test
    void clause09_anEmptyQueueTakesAWriteOfAnySize() {
        converseNarrowly(builder -> builder.writeQueueLimit(1));
        CompletableFuture<Void> big = socket.write(megabytes(2));
        peer.receive(2 << 20);
        Await.value(big);
        assertTrue(socket.isOpen());
    }

    @Test
    void clause09_write_queueFilledExactlyToLimit_isTaken() {
        converseNarrowly(builder -> builder.writeQueueLimit(8 << 20));
        CompletableFuture<Void> first = socket.write(megabytes(4));
        CompletableFuture<Void> second = socket.write(megabytes(4));
        peer.receive(8 << 20);
        Await.value(first);
        Await.value(second);
    }

    @Test
    void clause09_write_beyondQueueLimit_failsAtOnceAndEndsSocket() {
        converseNarrowly(builder -> builder.writeQueueLimit(4 << 20));
        CompletableFuture<Void> first = socket.write(megabytes(4));
        CompletableFuture<Void> beyond = socket.write(megabytes(4));
        assertTrue(beyond.isDone(), "fails at once");
        Throwable failure = Await.failure(IOException.class, beyond);
        assertTrue(failure.getMessage().contains(nameOf(peer.address())), failure.getMessage());
        assertFalse(socket.isOpen());
        Await.failure(IOException.class, first);
        CloseReason reason = Await.value(socket.closed());
        assertEquals(CloseReason.Kind.FAILED, reason.kind());
        assertEquals(failure, reason.cause());
    }

    @Test
    void writable_failsWhenNoWriteCanSucceedAnyMore() {
        open(builder -> builder);
        connect(0);
        Await.value(socket.shutdownOutput());
        Await.failure(ClosedChannelException.class, socket.writable());
        connect(0);
        socket.abort();
        Await.failure(ClosedChannelException.class, socket.writable());
        connect(0);
        socket.close();
        Await.failure(ClosedChannelException.class, socket.writable());
    }

    @Test
    void writable_pendingFailsWhenTheSocketEnds() {
        converseNarrowly();
        CompletableFuture<Void> big = socket.write(megabytes(4));
        CompletableFuture<Void> writable = socket.writable();
        assertFalse(writable.isDone());
        socket.abort();
        Await.failure(ClosedChannelException.class, writable);
        Await.failure(ClosedChannelException.class, big);
    }

    @Test
    void clause09_readingIsPull() {
        converse();
        peer.send("x".repeat(10_000));
        assertEquals(0, socket.buffered());
        CompletableFuture<?> written = socket.write("noise");
        Await.value(written);
        peer.receive(5);
        assertEquals(0, socket.buffered(), "nobody asked for it");
        Await.value(socket.readExactly(10_000));
    }
}
