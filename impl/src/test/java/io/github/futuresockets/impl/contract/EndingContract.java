package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The ending of a connection, as seen by the peer. An abort is a reset, and an orderly close is an end of stream. */
abstract class EndingContract extends ContractTest {
    private static final Duration SOON = Duration.ofMillis(100);

    private void assertReason(CloseReason.Kind kind) {
        assertEquals(kind, Await.value(socket.closed()).kind());
    }

    @Test
    void abort_idleConnection_isSeenAsReset() {
        converse();
        socket.abort();
        assertAborted(peer);
    }

    @Test
    void abort_whileBytesWait_isSeenAsReset() {
        converseNarrowly();
        CompletableFuture<Void> write = socket.write(megabytes(4));
        peer.read();
        assertFalse(write.isDone());
        socket.abort();
        assertAborted(peer);
    }

    @Test
    void abort_duringAnOrderlyClose_isSeenAsReset() {
        converseNarrowly();
        socket.write(megabytes(4));
        socket.close();
        peer.read();
        socket.abort();
        assertAborted(peer);
    }

    @Test
    void closeOfTheSockets_isSeenAsReset() {
        converse();
        sockets.close();
        assertAborted(peer);
    }

    @Test
    void idleTimeout_isSeenAsReset() {
        converse();
        socket.idleTimeout(SOON);
        assertAborted(peer);
        assertReason(CloseReason.Kind.TIMED_OUT);
    }

    @Test
    void writeTimeout_isSeenAsReset() {
        converseNarrowly(builder -> builder.writeTimeout(SOON));
        Await.failure(IOException.class, socket.write(megabytes(4)));
        assertAborted(peer);
        assertReason(CloseReason.Kind.TIMED_OUT);
    }

    @Test
    void closeTimeout_whileBytesWait_isSeenAsReset() {
        converseNarrowly(builder -> builder.closeTimeout(SOON));
        CompletableFuture<Void> write = socket.write(megabytes(4));
        socket.close();
        assertReason(CloseReason.Kind.TIMED_OUT);
        Await.failure(IOException.class, write);
        assertAborted(peer);
    }

    @Test
    void closeTimeout_afterTheLastByte_losesNothing() {
        open(builder -> builder.closeTimeout(SOON).option(StandardSocketOptions.SO_SNDBUF, 200_000));
        connect(16_384);
        byte[] last = new byte[hasKernel() ? 100_000 : 10_000];
        last[last.length - 1] = 1;
        Await.value(socket.write(last));
        socket.close();
        assertReason(CloseReason.Kind.TIMED_OUT);
        assertArrayEquals(last, peer.receive(last.length));
        assertEnded(peer);
    }

    @Test
    void close_isSeenAsEnd() {
        converse();
        socket.write("bye");
        socket.close();
        assertEquals("bye", peer.text(3));
        assertEnded(peer);
    }

    @Test
    void shutdownOutput_isSeenAsEnd() {
        onlyWhereOneEndMayGoOn();
        converse();
        socket.shutdownOutput();
        assertEnded(peer);
        peer.send("still\n");
        assertEquals("still", Await.value(socket.readLine()));
    }

    private Peer call(AsyncServerSocket server) {
        return closing(Peer.connect(server.localAddress()));
    }

    @Test
    void serve_handlerThatFails_isSeenAsReset() throws IOException {
        open(builder -> builder.onError((connection, why) -> {}));
        AsyncServerSocket server = listen();
        server.serve(connection -> connection.readLine().thenRun(() -> {
            throw new IllegalStateException("a handler that fails");
        }));
        assertAborted(call(server).send("go\n"));
    }

    @Test
    void serve_handlerThatIsDone_isSeenAsEnd() throws IOException {
        open(builder -> builder);
        AsyncServerSocket server = listen();
        server.serve(AsyncSocket::readLine);
        assertEnded(call(server).send("go\n"));
    }

    @Test
    void shutdown_afterTheGrace_isSeenAsReset() throws IOException {
        open(builder -> builder);
        AsyncServerSocket server = listen();
        CompletableFuture<AsyncSocket> accepted = server.accept();
        Peer caller = call(server).send("begun");
        AsyncSocket connection = Await.value(accepted);
        CompletableFuture<String> line = connection.readLine();
        Await.until("5 bytes", () -> connection.buffered() == 5);
        server.shutdown(SOON);
        assertAborted(caller);
        Await.failure(IOException.class, line);
    }

    @Test
    void closed_servedConnectionResetByPeer_tellsReset() throws IOException {
        onlyOverTcp();
        for (boolean fails : new boolean[] {true, false}) {
            CompletableFuture<CloseReason> told = new CompletableFuture<>();
            open(builder -> builder.onError((connection, why) -> {}));
            AsyncServerSocket server = listen();
            server.serve(connection -> {
                connection.closed().thenAccept(told::complete);
                CompletableFuture<Void> written = connection.write("ready");
                CompletableFuture<?> read = written.thenCompose(done -> connection.readLine());
                return fails ? read : read.whenComplete((line, why) -> connection.abort());
            });
            Peer caller = call(server);
            assertEquals("ready", caller.text(5));
            caller.reset();
            CloseReason reason = Await.value(told);
            assertEquals(CloseReason.Kind.RESET, reason.kind(), String.valueOf(reason));
        }
    }

    @Test
    void closed_abortedLocally_tellsAborted() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        socket.abort();
        assertNull(Await.failure(IOException.class, read).getCause());
        assertReason(CloseReason.Kind.ABORTED);
    }

    @Test
    void read_endedByIdleTimeout_hasTimeoutAsCause() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        socket.idleTimeout(SOON);
        CloseReason reason = Await.value(socket.closed());
        assertEquals(reason.cause(), Await.failure(IOException.class, read).getCause());
        assertEquals(
                reason.cause(),
                Await.failure(IOException.class, socket.readLine()).getCause());
    }
}
