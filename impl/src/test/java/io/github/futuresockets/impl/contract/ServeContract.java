package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.ConnectionHandler;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import java.io.IOException;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** Clause 13: {@code serve}, its handlers, and {@code maxConnections}. */
abstract class ServeContract extends ContractTest {
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();

    private AsyncServerSocket listening() throws IOException {
        open(builder -> builder.onError((failed, why) -> errors.add(why)));
        return listen();
    }

    private Peer call(AsyncServerSocket server) {
        return closing(Peer.connect(server.localAddress()));
    }

    private static final ConnectionHandler ECHO =
            connection -> AsyncLoop.forEach(connection::readLine, connection::writeLine);

    @Test
    void serve_manyConnections_handlesEach() throws IOException {
        AsyncServerSocket server = listening();
        CompletableFuture<Void> served = server.serve(ECHO);
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            peers.add(call(server));
        }
        for (int i = 0; i < 30; i++) {
            peers.get(i).send("line " + (10 + i) + "\nmore\n");
            assertEquals("line " + (10 + i) + "\nmore\n", peers.get(i).text(13));
            peers.get(i).end();
            assertEquals("", peers.get(i).textToEnd(), "the end of the handler's stage closes");
        }
        assertFalse(served.isDone());
        server.close();
        Await.value(served);
        assertEquals(0, errors.size());
    }

    @Test
    void stopping_askedByHandler_endsWithConversation() throws IOException {
        for (boolean blocking : new boolean[] {false, true}) {
            AsyncServerSocket server = listening();
            CompletableFuture<CompletableFuture<Void>> asked = new CompletableFuture<>();
            if (blocking) {
                server.serve(
                        connection -> {
                            asked.complete(server.stopping());
                            connection.readLine().join();
                        },
                        Background::run);
            } else {
                server.serve(connection -> {
                    asked.complete(server.stopping());
                    return connection.readLine();
                });
            }
            CompletableFuture<Void> elsewhere = server.stopping();
            Peer caller = call(server);
            CompletableFuture<Void> stopping = Await.value(asked);
            assertFalse(stopping.isDone(), "the conversation is going on");
            caller.send("over\n").end();
            assertEquals("", caller.textToEnd());
            Await.failure(CancellationException.class, stopping);
            assertFalse(elsewhere.isDone(), "the listener is open");
            server.shutdown(Duration.ZERO);
            Await.value(elsewhere);
        }
    }

    @Test
    void stopping_thatAHandlerAsksForTellsOfAShutdown() throws IOException {
        AsyncServerSocket server = listening();
        CompletableFuture<Void> served = new CompletableFuture<>();
        CompletableFuture<Void> told = new CompletableFuture<>();
        server.serve(connection -> {
            server.stopping().thenRun(() -> told.complete(null));
            served.complete(null);
            return connection.readLine();
        });
        Peer caller = call(server);
        caller.send("begun");
        Await.value(served);
        CompletableFuture<ShutdownReport> report = server.shutdown(Duration.ofSeconds(20));
        Await.value(told);
        caller.send("\n").end();
        Await.value(report);
    }

    @Test
    void serve_handler_runsOnThreadOfSocket() throws IOException {
        AsyncServerSocket server = listening();
        CompletableFuture<Boolean> own = new CompletableFuture<>();
        server.serve(connection -> {
            own.complete(isIoThread(Thread.currentThread()));
            return CompletableFuture.completedFuture(null);
        });
        call(server).textToEnd();
        assertTrue(Await.value(own));
    }

    @Test
    void serve_handlerFails_endsOnlyThatConnection() throws IOException {
        AsyncServerSocket server = listening();
        IOException failed = new IOException("a stage, on purpose");
        IllegalStateException thrown = new IllegalStateException("thrown, on purpose");
        AtomicInteger calls = new AtomicInteger();
        List<AsyncSocket> seen = new CopyOnWriteArrayList<>();
        server.serve(connection -> {
            seen.add(connection);
            switch (calls.getAndIncrement()) {
                case 0:
                    return CompletableFuture.failedFuture(failed);
                case 1:
                    throw thrown;
                case 2:
                    return null;
                default:
                    return ECHO.handle(connection);
            }
        });
        for (int i = 0; i < 3; i++) {
            call(server).awaitOver();
            int count = i + 1;
            Await.until("an error", () -> errors.size() == count);
            assertEquals(
                    CloseReason.Kind.ABORTED, Await.value(seen.get(i).closed()).kind());
        }
        assertSame(failed, errors.remove());
        assertSame(thrown, errors.remove());
        assertInstanceOf(NullPointerException.class, errors.remove());
        Peer good = call(server);
        good.send("still there\n");
        assertEquals("still there\n", good.text(12));
    }

    @Test
    void serve_excludesAcceptAndAnotherServe() throws IOException {
        AsyncServerSocket server = listening();
        CompletableFuture<AsyncSocket> accept = server.accept();
        Await.failure(AcceptPendingException.class, server.serve(ECHO));
        assertTrue(accept.cancel(false));
        CompletableFuture<Void> served = server.serve(ECHO);
        Await.failure(AcceptPendingException.class, server.serve(ECHO));
        Await.failure(AcceptPendingException.class, server.accept());
        assertFalse(served.isDone());
        server.close();
        Await.value(served);
        Await.failure(ClosedChannelException.class, server.serve(ECHO));
    }

    @Test
    void serve_cancelClosesTheListenerAndConversationsGoOn() throws IOException {
        AsyncServerSocket server = listening();
        CompletableFuture<Void> served = server.serve(ECHO);
        Peer open = call(server);
        open.send("before\n");
        assertEquals("before\n", open.text(7));
        assertTrue(served.cancel(false));
        Await.failure(ClosedChannelException.class, server.accept());
        open.send("behind\n");
        assertEquals("behind\n", open.text(7));
    }

    @Test
    void serve_inBlockingStyle() throws IOException {
        onlyWhereOneEndMayGoOn();
        AsyncServerSocket server = listening();
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            server.serve(
                    connection -> {
                        for (String line = connection.readLine().join();
                                line != null;
                                line = connection.readLine().join()) {
                            connection.writeLine(line).join();
                        }
                    },
                    pool);
            Peer first = call(server);
            Peer second = call(server);
            second.send("second\n");
            assertEquals("second\n", second.text(7));
            first.send("first\n").end();
            assertEquals("first\n", first.textToEnd());
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void serve_aConversationThatIsRejectedIsAborted() throws IOException {
        AsyncServerSocket server = listening();
        server.serve(connection -> {}, task -> {
            throw new RejectedExecutionException("on purpose");
        });
        call(server).awaitOver();
        Await.until("an error", () -> !errors.isEmpty());
        assertInstanceOf(RejectedExecutionException.class, errors.remove());
    }

    @Test
    void maxConnections_pausesAcceptAndTheBacklogQueues() throws IOException {
        open(builder -> builder.threads(1));
        AsyncServerSocket server = closing(sockets.listen(address(), options -> options.maxConnections(2)));
        AtomicInteger serving = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        server.serve(connection -> {
            most.accumulateAndGet(serving.incrementAndGet(), Math::max);
            connection.closed().thenRun(serving::decrementAndGet);
            return ECHO.handle(connection);
        });
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            peers.add(call(server));
        }
        for (int i = 0; i < 10; i += 2) {
            List<Peer> two = peers.subList(i, i + 2);
            for (Peer each : two) {
                each.send("x\n");
                assertEquals("x\n", each.text(2));
            }
            two.forEach(Peer::close);
        }
        assertEquals(2, most.get());
    }

    @Test
    void listenOptions_applyToAcceptedSockets() throws IOException {
        onlyOverTcp();
        open(builder -> builder);
        AsyncServerSocket server = closing(sockets.listen(
                address(), options -> options.backlog(7).option(java.net.StandardSocketOptions.SO_KEEPALIVE, true)));
        CompletableFuture<AsyncSocket> accept = server.accept();
        call(server);
        AsyncSocket accepted = Await.value(accept);
        assertEquals(true, accepted.getOption(java.net.StandardSocketOptions.SO_KEEPALIVE));
        accepted.close();
    }

    @Test
    @EnabledForJreRange(minVersion = 21, disabledReason = "there are no virtual threads")
    void serve_inBlockingStyleOnVirtualThreads() throws Exception {
        onlyWhereOneEndMayGoOn();
        AsyncServerSocket server = listening();
        ExecutorService virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try {
            server.serve(
                    connection -> {
                        String line = AsyncScope.await(connection.readLine());
                        while (line != null) {
                            AsyncScope.await(connection.writeLine(line));
                            line = AsyncScope.await(connection.readLine());
                        }
                    },
                    virtual);
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                peers.add(call(server));
            }
            for (Peer each : peers) {
                each.send("line\n").end();
            }
            for (Peer each : peers) {
                assertEquals("line\n", each.textToEnd());
                each.close();
            }
        } finally {
            virtual.shutdown();
        }
        assertEquals(0, errors.size());
    }
}
