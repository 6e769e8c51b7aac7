package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ReadPendingException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@code transferTo} another socket. */
abstract class TransferContract extends ContractTest {
    private AsyncSocket source;
    private Peer giver;

    /** Connects {@link #giver} to {@link #source}, and {@link #socket} to {@link #peer}. */
    private void relay(boolean narrow) {
        if (narrow) {
            converseNarrowly();
        } else {
            converse();
        }
        source = socket;
        giver = peer;
        connect(narrow ? 16_384 : 0);
    }

    @Test
    void transferTo_movesAllBytesAndLeavesSinkOpen() {
        relay(false);
        byte[] content = Seeds.bytes("transferTo", 5_000_001);
        CompletableFuture<Long> transfer = source.transferTo(socket);
        CompletableFuture<Void> given = Background.run(() -> giver.send(content).end());
        assertArrayEquals(content, peer.receive(content.length));
        assertEquals(content.length, Await.value(transfer));
        Await.value(given);
        assertTrue(socket.isOpen());
        Await.value(socket.write("more"));
        assertEquals("more", peer.text(4));
    }

    @Test
    void transferTo_beginsWithBufferedBytes() {
        relay(false);
        giver.send("head\ntail").end();
        assertEquals("head", Await.value(source.readLine()));
        assertEquals(4L, Await.value(source.transferTo(socket)));
        assertEquals("tail", peer.text(4));
        assertEquals(0L, Await.value(source.transferTo(socket)));
    }

    @Test
    void transferTo_sameSocket_echoes() {
        converse();
        CompletableFuture<Long> echo = socket.transferTo(socket);
        for (int i = 0; i < 100; i++) {
            peer.send("ping");
            assertEquals("ping", peer.text(4));
        }
        peer.end();
        assertEquals(400L, Await.value(echo));
        socket.close();
        assertEquals(-1, peer.read());
    }

    @Test
    void transferTo_pending_refusesOtherReads() {
        relay(false);
        CompletableFuture<Long> transfer = source.transferTo(socket);
        Throwable failure = Await.failure(ReadPendingException.class, source.readLine());
        assertTrue(String.valueOf(failure.getMessage()).contains("transferTo"), failure.toString());
        giver.send("abc");
        assertEquals("abc", peer.text(3));
        Await.failure(ReadPendingException.class, source.readLine());
        giver.end();
        assertEquals(3L, Await.value(transfer));
    }

    @Test
    void clause11_oneBuffersWorthIsOnTheWayAtATime() {
        relay(true);
        CompletableFuture<Long> transfer = source.transferTo(socket);
        CompletableFuture<Void> given =
                Background.run(() -> giver.send(megabytes(16)).end());
        peer.read();
        CompletableFuture<Void> writable = socket.writable();
        for (int i = 0; i < 8; i++) {
            assertFalse(given.isDone(), "the giver has to wait: 16 MiB do not fit on the way");
            assertTrue(source.buffered() <= 1 << 20, "read ahead: " + source.buffered());
            peer.receive(1 << 20);
        }
        peer.receive((8 << 20) - 1);
        assertEquals(16L << 20, Await.value(transfer));
        Await.value(given);
        Await.value(writable);
    }

    @Test
    void transferTo_cancelledLosesNothing() {
        relay(true);
        byte[] content = megabytes(4);
        CompletableFuture<Long> transfer = source.transferTo(socket);
        CompletableFuture<Void> given = Background.run(() -> giver.send(content).end());
        assertEquals(content[0], (byte) peer.read());
        assertTrue(transfer.cancel(false));
        CompletableFuture<byte[]> rest =
                Background.call(() -> Await.value(source.readAll(8 << 20)).array());
        byte[] behind = Await.value(rest);
        Await.value(given);
        CompletableFuture<Void> end = socket.shutdownOutput();
        byte[] moved = peer.receiveAll();
        Await.value(end);
        assertEquals(content.length, 1 + moved.length + behind.length);
        byte[] whole = new byte[content.length];
        whole[0] = content[0];
        System.arraycopy(moved, 0, whole, 1, moved.length);
        System.arraycopy(behind, 0, whole, 1 + moved.length, behind.length);
        assertArrayEquals(content, whole);
        assertTrue(source.isOpen());
        assertTrue(socket.isOpen());
    }

    @Test
    void transferTo_eitherSocketAborted_fails() {
        relay(false);
        CompletableFuture<Long> reading = source.transferTo(socket);
        source.abort();
        Await.failure(AsynchronousCloseException.class, reading);
        relay(false);
        CompletableFuture<Long> writing = source.transferTo(socket);
        socket.abort();
        giver.send("abc");
        Await.failure(IOException.class, writing);
        assertTrue(source.isOpen());
    }

    @Test
    void transferTo_readTimeout_failsWithoutClosing() {
        relay(false);
        source.readTimeout(Duration.ofMillis(50));
        CompletableFuture<Long> transfer = source.transferTo(socket);
        giver.send("abc");
        assertEquals("abc", peer.text(3));
        Await.failure(SocketTimeoutException.class, transfer);
        assertTrue(source.isOpen());
        assertTrue(socket.isOpen());
        giver.send("def").end();
        assertEquals("def", ReadMode.string(Await.value(source.readAll(10))));
    }
}
