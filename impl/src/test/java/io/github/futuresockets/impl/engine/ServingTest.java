package io.github.futuresockets.impl.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests {@link Serving} over a scripted listener. */
class ServingTest {
    private final OutOfMemoryError want = new OutOfMemoryError("injected");
    private final ScriptedNetwork network = new ScriptedNetwork();
    private final List<AsyncSocket> served = new ArrayList<>();

    @AfterEach
    void close() {
        network.close();
    }

    private CompletionStage<?> serve(AsyncSocket socket) {
        served.add(socket);
        return socket.closed();
    }

    private boolean isEnded(AsyncSocket caller) {
        return Await.value(caller.readSome(1).handle((bytes, failure) -> bytes == null));
    }

    @Test
    void serve_connection_reachesHandlerWithASingleTask() throws Exception {
        DefaultServerSocket server = network.listen();
        ScriptedNetwork.HeldTasks held = network.holdTasks();
        server.serve(this::serve);
        for (int i = 1; i <= 100; i++) {
            network.bring();
            assertEquals(i - 1, served.size());
            held.tasks.remove().run();
            assertEquals(i, served.size());
            assertEquals(i, held.count, "tasks");
        }
    }

    @Test
    void serve_busyLoop_asksForFurtherConnections() throws Exception {
        DefaultServerSocket server = network.listen();
        network.holdTasks();
        server.serve(this::serve);
        for (int i = 1; i <= 100; i++) {
            assertEquals(i, network.requests);
            network.bring();
        }
    }

    @Test
    void serve_atMaxConnections_waitsForAnEnd() throws Exception {
        DefaultServerSocket server = network.listen(2);
        server.serve(this::serve);
        for (int i = 0; i < 3; i++) {
            network.bring();
        }
        assertEquals(2, served.size());
        int before = network.requests;
        served.get(0).abort();
        assertEquals(3, served.size());
        assertEquals(before, network.requests);
        served.get(1).abort();
        assertEquals(before + 1, network.requests);
    }

    @Test
    void serve_failedAccept_asksAgainAfterPause() throws Exception {
        DefaultServerSocket server = network.listen();
        CompletableFuture<Void> done = server.serve(this::serve);
        network.fail(new IOException("Too many open files"));
        assertEquals(1, network.requests);
        network.advance(5);
        assertEquals(2, network.requests);
        assertFalse(done.isDone());
    }

    @Test
    void serve_closedBeforeHandler_rejectsConnection() throws Exception {
        DefaultServerSocket server = network.listen();
        ScriptedNetwork.HeldTasks held = network.holdTasks();
        CompletableFuture<Void> done = server.serve(this::serve);
        CompletableFuture<Void> over = server.stopping();
        AsyncSocket caller = network.bring();
        server.close();
        assertTrue(done.isDone());
        assertFalse(over.isDone(), "a connection is on its way");
        held.run();
        assertTrue(isEnded(caller));
        assertEquals(List.of(), served);
        assertEquals(1, server.engine().stats().rejected());
        assertTrue(over.isDone());
    }

    @Test
    void serve_socketCannotBeMade_freesThePlace() throws Exception {
        DefaultServerSocket server = network.listen(1);
        server.serve(this::serve);
        network.registerFailure = want;
        assertTrue(isEnded(network.bring()));
        assertEquals(1, server.engine().stats().rejected());
        network.advance(5);
        network.bring();
        assertEquals(1, served.size());
        assertEquals(1, server.engine().connections(null).size());
    }

    @Test
    void serve_loopTakesNoTask_rejectsConnectionAlone() throws Exception {
        DefaultServerSocket server = network.listen(1);
        server.serve(this::serve);
        ScriptedNetwork.HeldTasks held = network.holdTasks();
        held.refusal = want;
        network.bring();
        assertEquals(1, server.engine().stats().rejected());
        network.disguise = transport -> transport;
        network.bring();
        assertEquals(1, served.size());
    }

    @Test
    void serve_handlerThrows_abortsItsConnectionAlone() throws Exception {
        DefaultServerSocket server = network.listen();
        CompletableFuture<Void> done = server.serve(socket -> {
            serve(socket);
            throw want;
        });
        network.bring();
        network.bring();
        assertEquals(2, served.size());
        assertEquals(List.of(want, want), network.errors);
        assertSame(CloseReason.Kind.ABORTED, Await.value(served.get(0).closed()).kind());
        assertFalse(done.isDone());
    }

    @Test
    void cancel_servedListener_closesAndStaysCancelled() throws Exception {
        DefaultServerSocket server = network.listen();
        CompletableFuture<Void> done = server.serve(this::serve);
        network.bring();
        assertTrue(done.cancel(false));
        assertTrue(done.isCancelled());
        assertTrue(server.source().isClosed());
        assertTrue(served.get(0).isOpen());
    }
}
