package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clause 15: time-outs of reads and writes without progress. */
abstract class TimeoutContract extends ContractTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofMillis(500);

    /** Pauses between two steps of a slow peer, for a tenth of {@link #LONG}. */
    private static void pace() {
        LockSupport.parkNanos(LONG.toNanos() / 10);
    }

    private void assertNamesThePeer(String operation, Throwable failure) {
        assertTrue(failure.getMessage().contains(operation), failure.toString());
        assertTrue(failure.getMessage().contains(nameOf(peer.address())), failure.toString());
    }

    @ParameterizedTest
    @EnumSource
    void clause15_readTimeoutFailsTheReadLosslessly(ReadMode mode) {
        converse(builder -> builder.readTimeout(SHORT));
        CompletableFuture<?> read = mode.start(socket).future();
        peer.send(ReadMode.MESSAGE.substring(0, 5));
        Throwable failure = Await.failure(SocketTimeoutException.class, read);
        assertNamesThePeer(mode.method(), failure);
        assertEquals(5, socket.buffered());
        assertTrue(socket.isOpen());
        ReadMode.Reading next = mode.start(socket);
        peer.send(ReadMode.MESSAGE.substring(5));
        assertEquals(ReadMode.MESSAGE, next.text());
    }

    @Test
    void clause15_bytesKeepAReadAlive() {
        converse(builder -> builder.readTimeout(LONG));
        long began = System.nanoTime();
        CompletableFuture<String> read = socket.readLine();
        for (int i = 0; i < 12; i++) {
            pace();
            peer.send("x");
        }
        peer.send("\n");
        assertEquals("x".repeat(12), Await.value(read));
        assertTrue(System.nanoTime() - began > LONG.toNanos(), "it took longer than the time-out");
    }

    @Test
    void clause15_readTimeoutCountsFromTheRead() {
        converse(builder -> builder.readTimeout(LONG));
        Await.failure(TimeoutException.class, socket.readable().orTimeout(LONG.toMillis() + 50, TimeUnit.MILLISECONDS));
        long began = System.nanoTime();
        Await.failure(SocketTimeoutException.class, socket.readLine());
        assertTrue(System.nanoTime() - began >= LONG.toNanos() * 9 / 10, "not from the read before");
    }

    @Test
    void clause15_readTimeoutSetForAPendingReadCountsFromNow() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        assertEquals(socket, socket.readTimeout(SHORT));
        Await.failure(SocketTimeoutException.class, read);
        CompletableFuture<String> again = socket.readLine();
        Await.failure(SocketTimeoutException.class, again);
        assertTrue(socket.isOpen());
    }

    @Test
    void clause15_readTimeoutTakenBackFromAPendingRead() {
        converse(builder -> builder.readTimeout(Duration.ofMillis(200)));
        var spared = socket;
        var itsPeer = peer;
        CompletableFuture<String> read = spared.readLine();
        spared.readTimeout(Duration.ZERO);
        connect(0);
        Await.failure(SocketTimeoutException.class, socket.readLine());
        assertFalse(read.isDone(), "for ever");
        itsPeer.send("late\n");
        assertEquals("late", Await.value(read));
    }

    @Test
    void readable_isNotUnderTheReadTimeout() {
        converse(builder -> builder.readTimeout(SHORT));
        CompletableFuture<Boolean> readable = socket.readable();
        Await.failure(SocketTimeoutException.class, socket.readLine());
        Await.failure(SocketTimeoutException.class, socket.readLine());
        assertFalse(readable.isDone());
        peer.send("x");
        assertEquals(true, Await.value(readable));
    }

    @Test
    void clause15_writeTimeoutFailsAllWaitingWritesAndAborts() {
        converseNarrowly(builder -> builder.writeTimeout(Duration.ofMillis(100)));
        ByteBuffer src = ByteBuffer.wrap(megabytes(4));
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        // The alarm of the time-out is a task of the I/O thread. Therefore both writes are queued before the alarm.
        onIoThread(() -> {
            writes.add(socket.write(src));
            writes.add(socket.write("waiting"));
        });
        CompletableFuture<String> read = socket.readLine();
        Throwable failure = Await.failure(SocketTimeoutException.class, writes.get(0));
        assertNamesThePeer("write", failure);
        Await.failure(SocketTimeoutException.class, writes.get(1));
        assertEquals(0, src.position());
        assertFalse(socket.isOpen());
        CloseReason reason = Await.value(socket.closed());
        assertEquals(CloseReason.Kind.TIMED_OUT, reason.kind());
        assertTrue(reason.cause() instanceof SocketTimeoutException, reason.toString());
        Await.failure(ClosedChannelException.class, read);
        peer.awaitOver();
    }

    @Test
    void clause15_progressKeepsWritesAlive() {
        converseNarrowly(builder -> builder.writeTimeout(LONG));
        byte[] content = megabytes(1);
        long began = System.nanoTime();
        CompletableFuture<Void> write = socket.write(content);
        CompletableFuture<byte[]> received = Background.call(() -> {
            byte[] got = new byte[content.length];
            for (int at = 0; at < got.length; at += 65_536) {
                pace();
                System.arraycopy(peer.receive(65_536), 0, got, at, 65_536);
            }
            return got;
        });
        assertArrayEquals(content, Await.value(received));
        Await.value(write);
        assertTrue(System.nanoTime() - began > LONG.toNanos(), "it took longer than the time-out");
        assertTrue(socket.isOpen());
    }

    @Test
    void clause15_writeTimeoutSetForWaitingWrites() {
        converseNarrowly();
        CompletableFuture<Void> write = socket.write(megabytes(4));
        assertEquals(socket, socket.writeTimeout(SHORT));
        Await.failure(SocketTimeoutException.class, write);
        assertEquals(CloseReason.Kind.TIMED_OUT, Await.value(socket.closed()).kind());
    }

    @Test
    void clause15_writeTimeoutTakenBackFromWaitingWrites() {
        converseNarrowly(builder -> builder.writeTimeout(Duration.ofMillis(200)));
        var spared = socket;
        var itsPeer = peer;
        CompletableFuture<Void> write = spared.write(megabytes(4));
        spared.writeTimeout(Duration.ZERO);
        connect(16_384);
        Await.failure(SocketTimeoutException.class, socket.write(megabytes(4)));
        assertFalse(write.isDone());
        itsPeer.receive(4 << 20);
        Await.value(write);
    }

    @Test
    void clause15_anIdleSocketDoesNotTimeOut() {
        converse(builder -> builder.readTimeout(SHORT).writeTimeout(SHORT));
        Await.value(socket.write("x"));
        Await.failure(SocketTimeoutException.class, socket.readLine());
        Await.failure(SocketTimeoutException.class, socket.readLine());
        Await.failure(SocketTimeoutException.class, socket.readLine());
        assertTrue(socket.isOpen());
        Await.value(socket.write("y"));
        assertEquals("xy", peer.text(2));
    }

    @Test
    void clause15_orTimeoutNamesOperationAndPeer() {
        converseNarrowly();
        for (ReadMode mode : ReadMode.values()) {
            CompletableFuture<?> read = mode.start(socket).future().orTimeout(10, TimeUnit.MILLISECONDS);
            assertNamesThePeer(mode.method(), Await.failure(TimeoutException.class, read));
        }
        CompletableFuture<Void> write = socket.write(megabytes(4)).orTimeout(10, TimeUnit.MILLISECONDS);
        assertNamesThePeer("write", Await.failure(TimeoutException.class, write));
        CompletableFuture<?> derived = socket.readLine().thenApply(line -> line).orTimeout(10, TimeUnit.MILLISECONDS);
        assertNamesThePeer("readLine", Await.failure(TimeoutException.class, derived));
    }
}
