package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Descriptors;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clause 14: {@code close}, the orderly end of a connection. */
abstract class CloseContract extends ContractTest {
    private final byte[] big = megabytes(4);

    @Test
    void clause14_afterCloseNewOperationsFail() {
        converse();
        assertTrue(socket.isOpen());
        socket.close();
        assertFalse(socket.isOpen());
        for (CompletableFuture<?> refused : List.of(
                socket.read(ByteBuffer.allocate(1)),
                socket.readSome(1),
                socket.readFully(ByteBuffer.allocate(1)),
                socket.readExactly(1),
                socket.readUntil(new byte[1], 1),
                socket.readLine(),
                socket.expectLine(),
                socket.readAll(1),
                socket.readMessage(ReadMode.DECODER),
                socket.transferTo(socket),
                socket.write(ByteBuffer.allocate(1)),
                socket.write(ByteBuffer.allocate(1), ByteBuffer.allocate(1)),
                socket.write(new byte[1]),
                socket.write("x"),
                socket.writeLine("x"),
                socket.writeMessage("x", message -> ByteBuffer.allocate(1)),
                socket.writable())) {
            Await.failure(ClosedChannelException.class, refused);
        }
        assertEquals(false, Await.value(socket.readable()));
    }

    @Test
    void clause14_bytesThatWereReadAheadAreGoneToo() {
        converse();
        peer.send("head\ntail");
        assertEquals("head", Await.value(socket.readLine()));
        socket.close();
        Await.failure(ClosedChannelException.class, socket.readSome(10));
    }

    @ParameterizedTest
    @EnumSource
    void clause14_aPendingReadFails(ReadMode mode) {
        converse();
        CompletableFuture<?> read = mode.start(socket).future();
        peer.send("abc");
        awaitBuffered(3);
        socket.close();
        Await.failure(AsynchronousCloseException.class, read);
    }

    @Test
    void clause14_queuedWritesGoOutThenTheEndOfTheStream() {
        converseNarrowly();
        CompletableFuture<Void> first = socket.write(big);
        CompletableFuture<Void> second = socket.write("last words");
        CompletableFuture<Void> writable = socket.writable();
        assertFalse(writable.isDone());
        socket.close();
        Await.failure(ClosedChannelException.class, writable);
        Await.failure(ClosedChannelException.class, socket.write("too late"));
        assertFalse(first.isDone());
        assertArrayEquals(big, peer.receive(big.length));
        assertEquals("last words", peer.textToEnd());
        Await.value(first);
        Await.value(second);
        assertFalse(socket.closed().isDone(), "the peer can still send");
        peer.end();
        CloseReason reason = Await.value(socket.closed());
        assertEquals(new CloseReason(CloseReason.Kind.CLOSED, null), reason);
    }

    @Test
    void clause14_unreadInputDestroysNothingThatWasWritten() {
        onlyWhereOneEndMayGoOn();
        open(builder -> builder);
        for (int i = 0; i < 20; i++) {
            connect(0);
            peer.send("unread input ".repeat(1_000));
            assertEquals(true, Await.value(socket.readable()));
            socket.write("the answer");
            socket.close();
            assertEquals("the answer", peer.textToEnd());
            peer.send(new byte[100_000]).end();
            assertEquals(CloseReason.Kind.CLOSED, Await.value(socket.closed()).kind());
            peer.close();
        }
    }

    @Test
    void clause14_close_laterBytesOfPeer_areDropped() {
        onlyWhereOneEndMayGoOn();
        converse();
        CompletableFuture<String> unread = socket.readLine();
        socket.close();
        assertEquals(-1, peer.read());
        peer.send(megabytes(8));
        assertFalse(socket.closed().isDone());
        peer.end();
        assertEquals(CloseReason.Kind.CLOSED, Await.value(socket.closed()).kind());
        Await.failure(AsynchronousCloseException.class, unread);
    }

    @Test
    void clause14_peerThatNeverReadsEndsByCloseTimeout() {
        converseNarrowly(builder -> builder.closeTimeout(Duration.ofMillis(100)));
        CompletableFuture<Void> write = socket.write(big);
        socket.close();
        CloseReason reason = Await.value(socket.closed());
        assertEquals(CloseReason.Kind.TIMED_OUT, reason.kind());
        assertNotNull(reason.cause());
        assertTrue(write.isDone());
        Await.failure(IOException.class, write);
        assertAborted(peer);
    }

    @Test
    void clause14_peerThatNeverEndsEndsByCloseTimeout() {
        converse(builder -> builder.closeTimeout(Duration.ofMillis(100)));
        socket.write("bye");
        socket.close();
        assertEquals("bye", peer.textToEnd());
        CloseReason reason = Await.value(socket.closed());
        assertEquals(CloseReason.Kind.TIMED_OUT, reason.kind());
        assertTrue(reason.cause().getMessage().contains(nameOf(peer.address())), reason.toString());
    }

    @Test
    void clause14_aPeerThatKeepsSendingDoesNotPutOffTheCloseTimeout() {
        converse(builder -> builder.closeTimeout(Duration.ofMillis(100)));
        socket.close();
        CompletableFuture<Void> chatter = Background.run(() -> {
            while (true) {
                peer.send("still here ");
                LockSupport.parkNanos(2_000_000);
            }
        });
        assertEquals(CloseReason.Kind.TIMED_OUT, Await.value(socket.closed()).kind());
        Await.failure(chatter);
    }

    @Test
    void closeTimeout_zeroIsOff() {
        converse(builder -> builder.closeTimeout(Duration.ZERO));
        var patient = socket;
        var itsPeer = peer;
        patient.close();
        converse(builder -> builder.closeTimeout(Duration.ofMillis(100)));
        socket.close();
        assertEquals(CloseReason.Kind.TIMED_OUT, Await.value(socket.closed()).kind());
        assertFalse(patient.closed().isDone());
        itsPeer.end();
        assertEquals(CloseReason.Kind.CLOSED, Await.value(patient.closed()).kind());
    }

    @Test
    void clause14_nothingIsLeftAfterClosed() {
        converse();
        int before = Descriptors.count();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Boolean> readable = socket.readable();
        CompletableFuture<Void> write = socket.write("bye");
        CompletableFuture<Boolean> allDone =
                socket.closed().thenApply(reason -> read.isDone() && readable.isDone() && write.isDone());
        socket.close();
        peer.end();
        assertEquals(true, Await.value(allDone));
        assertEquals(false, Await.value(readable));
        assertFewerDescriptors(before);
        assertTrue(socket.closed().isDone());
    }

    @Test
    void clause14_isIdempotentAndFromAnyThread() throws Exception {
        converse();
        socket.write("once");
        CyclicBarrier together = new CyclicBarrier(4);
        List<CompletableFuture<Void>> closers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            closers.add(Background.call(() -> {
                together.await();
                socket.close();
                return null;
            }));
        }
        closers.forEach(Await::value);
        assertEquals("once", peer.textToEnd());
        peer.end();
        CloseReason reason = Await.value(socket.closed());
        socket.close();
        socket.abort();
        assertEquals(reason, Await.value(socket.closed()), "how it ended does not change");
    }

    @Test
    void clause14_close_inCallbackOfRead_sendsQueuedWrites() {
        converse();
        CompletableFuture<Void> closing = socket.readLine().thenAccept(line -> {
            socket.write("bye");
            socket.close();
        });
        peer.send("quit\n");
        assertEquals("bye", peer.textToEnd());
        Await.value(closing);
        peer.end();
        assertEquals(CloseReason.Kind.CLOSED, Await.value(socket.closed()).kind());
    }

    @Test
    void clause14_addressesAndOptionsAfterClose() {
        converse();
        var local = socket.localAddress();
        var remote = socket.remoteAddress();
        assertEquals(peer.address(), remote);
        socket.close();
        peer.end();
        Await.value(socket.closed());
        assertEquals(local, socket.localAddress());
        assertEquals(remote, socket.remoteAddress());
        assertThrows(ClosedChannelException.class, () -> socket.getOption(StandardSocketOptions.TCP_NODELAY));
        assertThrows(ClosedChannelException.class, () -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true));
        assertEquals(0, socket.buffered());
    }
}
