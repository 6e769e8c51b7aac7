package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clauses 13 and 14: {@code shutdown} of a listener with its connections, and of all sockets. */
abstract class ShutdownContract extends ContractTest {
    private static final Duration ENOUGH = Duration.ofSeconds(20);

    private AsyncServerSocket server;
    private final AtomicInteger served = new AtomicInteger();

    private void serve() throws IOException {
        open(builder -> builder.closeTimeout(Duration.ofSeconds(10)));
        server = listen();
        server.serve(connection -> {
            served.incrementAndGet();
            return AsyncLoop.forEach(connection::readLine, connection::writeLine);
        });
    }

    private Peer call() {
        Peer caller = closing(Peer.connect(server.localAddress()));
        caller.send("hello\n");
        assertEquals("hello\n", caller.text(6));
        return caller;
    }

    @Test
    void shutdown_idleConnections_endNormally() throws IOException {
        serve();
        List<Peer> callers = List.of(call(), call(), call());
        CompletableFuture<ShutdownReport> report = server.shutdown(ENOUGH);
        for (Peer each : callers) {
            assertEquals("", each.textToEnd());
            each.close();
        }
        assertEquals(new ShutdownReport(3, 0), Await.value(report));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shutdown_connectionsThatEndAtOnce_areCounted(boolean ofAll) throws IOException {
        open(builder -> builder);
        server = listen();
        CompletableFuture<AsyncSocket> accepted = server.accept();
        closing(Peer.connect(server.localAddress()));
        AsyncSocket connection = Await.value(accepted);
        server.stopping().thenRun(() -> {
            connection.abort();
            if (!isIoThread(Thread.currentThread())) {
                Await.value(connection.closed());
                Await.until("none open", () -> sockets.stats().open() == 0);
            }
        });
        ShutdownReport report = Await.value(ofAll ? sockets.shutdown(ENOUGH) : server.shutdown(ENOUGH));
        assertEquals(new ShutdownReport(1, 0), report);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shutdown_withinCallbackOfClosed_doesNotCountTheClosedConnection(boolean ofAll) throws IOException {
        open(builder -> builder);
        server = listen();
        CompletableFuture<AsyncSocket> accepted = server.accept();
        closing(Peer.connect(server.localAddress()));
        AsyncSocket connection = Await.value(accepted);
        CompletableFuture<ShutdownReport> report = connection
                .closed()
                .thenCompose(why -> ofAll ? sockets.shutdown(ENOUGH) : server.shutdown(ENOUGH))
                .toCompletableFuture();
        connection.abort();
        assertEquals(new ShutdownReport(0, 0), Await.value(report));
    }

    @Test
    void shutdown_aMessageThatHasBegunIsStillAnswered() throws IOException {
        serve();
        Peer caller = call();
        caller.send("a message in ");
        Await.until("the first half", () -> served.get() > 0);
        // If a later connection has been answered twice, the first half has been read.
        Peer other = call();
        other.send("x\n");
        assertEquals("x\n", other.text(2));
        CompletableFuture<ShutdownReport> report = server.shutdown(ENOUGH);
        assertEquals("", other.textToEnd());
        other.close();
        caller.send("two parts\n");
        assertEquals("a message in two parts\n", caller.textToEnd());
        caller.close();
        assertEquals(new ShutdownReport(2, 0), Await.value(report));
    }

    @Test
    void shutdown_graceOver_abortsOpenConnections() throws IOException {
        serve();
        Peer stubborn = call();
        Peer good = call();
        stubborn.send("half a line");
        CompletableFuture<ShutdownReport> report = server.shutdown(Duration.ofMillis(400));
        assertEquals("", good.textToEnd());
        good.close();
        assertAborted(stubborn);
        ShutdownReport counts = Await.value(report);
        assertEquals(2, counts.drained() + counts.aborted());
        assertTrue(counts.aborted() >= 1, counts.toString());
    }

    @Test
    void shutdown_newConnections_areRefusedAtOnce() throws IOException {
        serve();
        Peer caller = call();
        CompletableFuture<ShutdownReport> report = server.shutdown(ENOUGH);
        assertThrows(UncheckedIOException.class, () -> {
            Peer late = closing(Peer.connect(server.localAddress()));
            late.read();
            throw new UncheckedIOException(new IOException("closed at once, which is a refusal too"));
        });
        assertFalse(report.isDone());
        assertTrue(server.shutdown(ENOUGH).cancel(false), "each has its own");
        CompletableFuture<ShutdownReport> again = server.shutdown(Duration.ZERO);
        caller.awaitOver();
        assertEquals(new ShutdownReport(0, 1), Await.value(again));
        assertEquals(new ShutdownReport(1, 0), Await.value(report));
        Await.failure(ClosedChannelException.class, server.accept());
        assertThrows(IllegalArgumentException.class, () -> server.shutdown(Duration.ofSeconds(-1)));
    }

    @Test
    void stopping_tellsHandlersThatAShutdownHasBegun() throws IOException {
        serve();
        CompletableFuture<Void> told = server.stopping();
        CompletableFuture<Void> mine = server.stopping();
        assertTrue(mine.cancel(false));
        assertFalse(told.isDone());
        Await.value(server.shutdown(Duration.ZERO));
        Await.value(told);
        assertTrue(server.stopping().isDone());
    }

    @Test
    void stopping_isNotToldByACloseOfTheListener() throws IOException {
        serve();
        Peer caller = call();
        CompletableFuture<Void> told = server.stopping();
        server.close();
        caller.send("goes on\n");
        assertEquals("goes on\n", caller.text(8));
        assertFalse(told.isDone());
        Await.value(sockets.shutdown(Duration.ZERO));
        Await.value(told);
    }

    @Test
    void stopping_listenerClosed_endsWithLastConnection() throws IOException {
        serve();
        Peer caller = call();
        CompletableFuture<Void> told = server.stopping();
        server.close();
        caller.end();
        Await.value(told);
        Await.value(server.stopping());
    }

    @Test
    void shutdownOfAll_openConnections_waitsAndRefusesNewSockets() throws IOException {
        serve();
        Peer caller = call();
        connect(0);
        CompletableFuture<ShutdownReport> report = sockets.shutdown(ENOUGH);
        assertEquals("", caller.textToEnd());
        caller.close();
        Await.failure(ClosedChannelException.class, sockets.connect(server.localAddress()));
        assertThrows(IOException.class, () -> sockets.listen(address()));
        peer.send("a reply that was asked for\n");
        assertEquals("a reply that was asked for", Await.value(socket.readLine()));
        assertFalse(report.isDone());
        socket.close();
        peer.close();
        assertEquals(new ShutdownReport(2, 0), Await.value(report));
    }

    @Test
    void shutdownOfAll_withoutAnyConnectionIsDoneAtOnce() {
        open(builder -> builder);
        assertEquals(new ShutdownReport(0, 0), Await.value(sockets.shutdown(ENOUGH)));
    }

    @Test
    void shutdown_aThousandConnectionsInTheMiddleOfAMessage() throws IOException {
        int crowd = crowd();
        serve();
        List<Peer> callers = new ArrayList<>();
        for (int i = 0; i < crowd; i++) {
            callers.add(call());
        }
        callers.forEach(each -> each.send("half "));
        awaitHalves();
        CompletableFuture<ShutdownReport> report = server.shutdown(ENOUGH);
        for (Peer each : callers) {
            each.send("whole\n");
            assertEquals("half whole\n", each.textToEnd());
            each.close();
        }
        ShutdownReport counts = Await.value(report);
        assertEquals(0, counts.aborted());
        assertEquals(crowd, counts.drained(), 8, "with some of those that were closed before");
    }

    /** Returns the number of connections. Because TLS handshakes are slow, the number over TLS is a fifth. */
    private int crowd() {
        return isEncrypted() ? 200 : 1_000;
    }

    /** Waits until the peers' bytes have been read. Both I/O threads answer later connections after these reads. */
    private void awaitHalves() {
        for (int i = 0; i < 8; i++) {
            call().end().close();
        }
    }

    @Test
    void shutdown_aThousandConnectionsAndTooLittleGrace() throws IOException {
        int crowd = crowd();
        serve();
        List<Peer> callers = new ArrayList<>();
        for (int i = 0; i < crowd; i++) {
            callers.add(call());
        }
        callers.subList(0, crowd / 2).forEach(each -> each.send("half "));
        awaitHalves();
        long before = System.nanoTime();
        CompletableFuture<ShutdownReport> report = server.shutdown(Duration.ofSeconds(1));
        callers.subList(crowd / 2, crowd).forEach(Peer::close);
        ShutdownReport counts = Await.value(report);
        long millis = (System.nanoTime() - before) / 1_000_000;
        assertEquals(crowd, counts.drained() + counts.aborted(), 8);
        assertTrue(counts.aborted() >= crowd / 2 && counts.aborted() <= crowd / 2 + 8, counts.toString());
        assertTrue(millis >= 1_000 && millis < 2_000, millis + " ms");
    }

    @Test
    void shutdown_doesNotPutOffAnEndThatHasBeenAskedForBefore() throws IOException {
        open(builder -> builder);
        server = listen();
        CompletableFuture<ByteBuffer> partial = new CompletableFuture<>();
        server.serve(connection -> connection.readSome(1).thenCompose(first -> {
            CompletableFuture<ByteBuffer> read = connection.readExactly(10);
            read.whenComplete((bytes, failure) -> partial.completeExceptionally(failure));
            connection.shutdownInput();
            server.shutdown(ENOUGH);
            return read;
        }));
        Peer caller = closing(Peer.connect(server.localAddress()));
        caller.send("12345");
        Await.failure(IncompleteReadException.class, partial);
    }
}
