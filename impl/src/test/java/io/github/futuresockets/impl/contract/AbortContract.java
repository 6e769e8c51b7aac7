package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Descriptors;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Clause 14: {@code abort}, and the close reasons reported by {@code closed}. */
abstract class AbortContract extends ContractTest {

    @Test
    void clause14_abort_failsAllPendingOperations() {
        converseNarrowly();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Boolean> readable = socket.readable();
        CompletableFuture<Void> begun = socket.write(megabytes(4));
        CompletableFuture<Void> waiting = socket.write("waiting");
        CompletableFuture<Void> halfClose = socket.shutdownOutput();
        peer.read();
        int before = Descriptors.count();
        socket.abort();
        assertFalse(socket.isOpen());
        for (CompletableFuture<?> pending : List.of(read, begun, waiting, halfClose)) {
            Await.failure(AsynchronousCloseException.class, pending);
        }
        assertEquals(false, Await.value(readable));
        assertEquals(new CloseReason(CloseReason.Kind.ABORTED, null), Await.value(socket.closed()));
        assertFewerDescriptors(before);
        assertAborted(peer);
    }

    @Test
    void clause14_afterAbortNewOperationsFail() {
        converse();
        peer.send("unread");
        Await.value(socket.readable());
        socket.abort();
        Await.failure(ClosedChannelException.class, socket.readSome(1));
        Await.failure(ClosedChannelException.class, socket.write("x"));
        Await.failure(ClosedChannelException.class, socket.writable());
        assertEquals(false, Await.value(socket.readable()));
    }

    @Test
    void clause14_abortEndsAnOrderlyClose() {
        converse();
        socket.close();
        assertEquals(-1, peer.read());
        assertFalse(socket.closed().isDone());
        socket.abort();
        assertEquals(CloseReason.Kind.ABORTED, Await.value(socket.closed()).kind());
    }

    @Test
    void clause14_abortIsIdempotentAndFromAnyThread() {
        open(builder -> builder);
        for (int round = 0; round < 20; round++) {
            connect(0);
            CompletableFuture<String> read = socket.readLine();
            List<CompletableFuture<Void>> enders = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                boolean orderly = i == 0;
                enders.add(Background.run(orderly ? socket::close : socket::abort));
            }
            enders.forEach(Await::value);
            Await.failure(AsynchronousCloseException.class, read);
            assertEquals(CloseReason.Kind.ABORTED, Await.value(socket.closed()).kind());
            socket.abort();
            socket.close();
        }
    }

    @Test
    void clause14_abortFromACallback() {
        converse();
        onIoThread(socket::abort);
        assertAborted(peer);
        assertEquals(CloseReason.Kind.ABORTED, Await.value(socket.closed()).kind());
    }

    @Test
    void closed_calledRepeatedly_givesIndependentFutures() {
        converse();
        CompletableFuture<CloseReason> cancelled = socket.closed();
        CompletableFuture<CloseReason> forged = socket.closed();
        CompletableFuture<CloseReason> closed = socket.closed();
        assertTrue(cancelled.cancel(false));
        CloseReason reset = new CloseReason(CloseReason.Kind.RESET, null);
        assertTrue(forged.complete(reset));
        assertFalse(closed.isDone());
        assertTrue(socket.isOpen());
        socket.close();
        peer.end();
        assertEquals(CloseReason.Kind.CLOSED, Await.value(closed).kind());
        assertEquals(CloseReason.Kind.CLOSED, Await.value(socket.closed()).kind());
        assertTrue(socket.closed().thenApply(CloseReason::kind).isDone());
    }

    @Test
    void closed_afterThePeersEndIsPeerClosed() {
        onlyWhereOneEndMayGoOn();
        converse();
        peer.end();
        assertNull(Await.value(socket.readLine()));
        assertTrue(socket.isOpen(), "the end of the peer's stream does not count");
        assertFalse(socket.closed().isDone());
        socket.write("bye");
        socket.close();
        assertEquals(new CloseReason(CloseReason.Kind.PEER_CLOSED, null), Await.value(socket.closed()));
        assertEquals("bye", peer.textToEnd());
    }

    @Test
    void closed_aPeerThatClosedLongAgoLeavesNothingToWaitFor() {
        converse();
        peer.close();
        assertNull(Await.value(socket.readLine()));
        int before = Descriptors.count();
        socket.close();
        assertEquals(CloseReason.Kind.PEER_CLOSED, Await.value(socket.closed()).kind());
        assertFewerDescriptors(before);
    }

    @Test
    void closed_byAResetWhileAReadIsPending() {
        onlyOverTcp();
        converse();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Boolean> readable = socket.readable();
        peer.reset();
        Throwable failure = Await.failure(IOException.class, read);
        assertTrue(failure.getMessage().contains("readLine"), failure.toString());
        assertTrue(failure.getMessage().contains(nameOf(peer.address())), failure.toString());
        assertEquals(false, Await.value(readable));
        assertFalse(socket.isOpen());
        CloseReason reason = Await.value(socket.closed());
        assertEquals(CloseReason.Kind.RESET, reason.kind());
        assertNotNull(reason.cause());
        assertTrue(socket.readLine().isCompletedExceptionally());
        assertEquals(false, Await.value(socket.readable()));
    }

    @Test
    void closed_byAResetWhileOnlyReadableWaits() {
        onlyOverTcp();
        converse();
        CompletableFuture<Boolean> readable = socket.readable();
        peer.reset();
        assertEquals(false, Await.value(readable));
        Await.failure(IOException.class, socket.readLine());
        Await.failure(IOException.class, socket.write("x"));
        assertEquals(CloseReason.Kind.RESET, Await.value(socket.closed()).kind());
    }

    @Test
    void closed_byAResetDuringAnOrderlyClose() {
        onlyOverTcp();
        converse();
        socket.close();
        assertEquals(-1, peer.read());
        peer.reset();
        assertEquals(CloseReason.Kind.RESET, Await.value(socket.closed()).kind());
    }

    @Test
    void read_bytesBeforeReset_areReadFirst() {
        onlyOverTcp();
        converse();
        peer.send("line\nahead");
        assertEquals("line", Await.value(socket.readLine()));
        assertEquals(5, socket.buffered());
        CompletableFuture<String> read = socket.readLine();
        peer.reset();
        Await.failure(IOException.class, read);
        assertEquals("ahead", ReadMode.string(Await.value(socket.readExactly(5))));
        Await.failure(IOException.class, socket.readSome(1));
    }
}
