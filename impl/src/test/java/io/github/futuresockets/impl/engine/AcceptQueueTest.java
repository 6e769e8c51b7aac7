package io.github.futuresockets.impl.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests an {@link AcceptQueue} over a scripted listener. */
class AcceptQueueTest {
    private final OutOfMemoryError want = new OutOfMemoryError("injected");
    private final ScriptedNetwork network = new ScriptedNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    private static boolean isFrom(AsyncSocket accepted, AsyncSocket caller) {
        return accepted.remoteAddress().equals(caller.localAddress());
    }

    @Test
    void listen_beforeFirstAccept_asksForNothing() throws Exception {
        DefaultServerSocket server = network.listen();
        assertEquals(0, network.requests);
        server.accept();
        assertEquals(1, network.requests);
    }

    @Test
    void accept_afterFirst_prefetchesUpTo64() throws Exception {
        DefaultServerSocket server = network.listen();
        AsyncSocket first = network.bring();
        assertTrue(isFrom(Await.value(server.accept()), first));
        for (int i = 0; i < 64; i++) {
            int before = network.requests;
            network.bring();
            assertEquals(i < 63 ? 1 : 0, network.requests - before, "after " + (i + 1));
        }
        assertEquals(1, server.engine().stats().accepted());
        server.accept();
        assertEquals(2, server.engine().stats().accepted());
    }

    @Test
    void accept_prefetchedConnection_isDoneOnReturn() throws Exception {
        DefaultServerSocket server = network.listen();
        server.accept().cancel(false);
        AsyncSocket caller = network.bring();
        CompletableFuture<AsyncSocket> accept = server.accept();
        assertTrue(accept.isDone());
        assertTrue(isFrom(accept.join(), caller));
    }

    @Test
    void accept_manyPrefetched_returnsPendingAfterInlineLimit() throws Exception {
        DefaultServerSocket server = network.listen();
        ScriptedNetwork.HeldTasks held = network.holdTasks();
        server.accept().cancel(false);
        for (int i = 0; i < 40; i++) {
            network.bring();
        }
        int inline = 0;
        while (server.accept().isDone()) {
            inline++;
        }
        assertEquals(31, inline);
        held.run();
        assertEquals(32, server.engine().stats().accepted());
    }

    @Test
    void accept_pendingDuringFailures_asksAgainAfterPause() throws Exception {
        DefaultServerSocket server = network.listen();
        CompletableFuture<AsyncSocket> accept = server.accept();
        network.fail(new IOException("Too many open files"));
        assertEquals(1, network.requests);
        network.advance(4);
        assertEquals(1, network.requests);
        network.advance(1);
        assertEquals(2, network.requests);
        AsyncSocket caller = network.bring();
        assertTrue(isFrom(Await.value(accept), caller));
    }

    @Test
    void accept_noneWaitsDuringFailures_asksWithNextAccept() throws Exception {
        DefaultServerSocket server = network.listen();
        server.accept().cancel(false);
        network.fail(new IOException("Too many open files"));
        network.advance(10_000);
        assertEquals(1, network.requests, "descriptors are scarce, and nobody waits");
        server.accept();
        assertEquals(2, network.requests);
    }

    @Test
    void accept_secondOrAfterServe_isRefused() throws Exception {
        DefaultServerSocket server = network.listen();
        CompletableFuture<AsyncSocket> accept = server.accept();
        Await.failure(AcceptPendingException.class, server.accept());
        Await.failure(AcceptPendingException.class, server.serve(AsyncSocket::closed));
        accept.cancel(false);
        server.serve(AsyncSocket::closed);
        Await.failure(AcceptPendingException.class, server.accept());
    }

    @Test
    void serve_prefetchedConnections_arePassedInOrder() throws Exception {
        DefaultServerSocket server = network.listen();
        server.accept().cancel(false);
        List<AsyncSocket> callers = List.of(network.bring(), network.bring());
        List<AsyncSocket> served = new ArrayList<>();
        server.serve(socket -> {
            served.add(socket);
            return socket.closed();
        });
        assertEquals(2, served.size());
        assertTrue(isFrom(served.get(0), callers.get(0)));
        assertTrue(isFrom(served.get(1), callers.get(1)));
        network.bring();
        assertEquals(3, served.size());
    }

    @Test
    void close_prefetchedAndPending_endsBoth() throws Exception {
        DefaultServerSocket server = network.listen();
        server.accept().cancel(false);
        AsyncSocket prefetched = network.bring();
        server.close();
        assertEquals(1, server.engine().stats().rejected());
        Await.value(prefetched.readSome(1).handle((bytes, failure) -> bytes == null));
        Await.failure(ClosedChannelException.class, server.accept());
        assertTrue(server.stopping().isDone(), "the listener is over");
    }

    @Test
    void close_pendingAccept_failsAndReportsTheEnd() throws Exception {
        DefaultServerSocket server = network.listen();
        CompletableFuture<AsyncSocket> accept = server.accept();
        assertFalse(server.stopping().isDone());
        server.close();
        Await.failure(AsynchronousCloseException.class, accept);
        assertTrue(server.stopping().isDone(), "the listener is over");
    }

    @Test
    void accept_transportFailsBeforeRegistration_getsNextConnection() throws Exception {
        network.atCall(0, () -> {
            throw want;
        });
        getsNextConnection();
    }

    @Test
    void accept_failureAfterRegistration_getsNextConnection() throws Exception {
        network.registerFailure = want;
        getsNextConnection();
    }

    /** The first connection cannot get a socket, and holds the only place. The next connection gets the place. */
    private void getsNextConnection() throws IOException {
        DefaultServerSocket server = network.listen(1);
        server.accept().cancel(false);
        AsyncSocket lost = network.bring();
        CompletableFuture<AsyncSocket> accept = server.accept();
        assertFalse(accept.isDone());
        assertEquals(List.of(), server.engine().connections(null), "a connection is left");
        assertEquals(1, server.engine().stats().rejected());
        assertEquals(1, server.engine().stats().acceptFailures());
        Await.value(lost.readSome(1).handle((bytes, failure) -> bytes == null));
        int before = network.requests;
        network.advance(5);
        assertEquals(before + 1, network.requests);
        AsyncSocket caller = network.bring();
        assertTrue(isFrom(Await.value(accept), caller));
        accept.join().abort();
        server.close();
        assertTrue(server.stopping().isDone(), "the listener is over");
    }

    @Test
    void close_lastSocketCannotBeMade_reportsTheEnd() throws Exception {
        DefaultServerSocket server = network.listen();
        CompletableFuture<Void> over = server.stopping();
        server.accept().cancel(false);
        network.atCall(0, () -> {
            server.close();
            assertFalse(over.isDone(), "the connection has not ended");
            throw want;
        });
        network.bring();
        assertSame(want, Await.failure(server.accept()));
        assertTrue(over.isDone(), "the listener is over");
    }
}
