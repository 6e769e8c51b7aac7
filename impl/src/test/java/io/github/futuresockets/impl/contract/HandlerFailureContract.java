package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.ConnectionHandler;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.LogRecorder;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.RefusedPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Clause 13: log records about failed handlers, and their levels. */
abstract class HandlerFailureContract extends ContractTest {
    private static final String ERROR = "SEVERE: the handler of ";
    private static final String DEBUG = "FINE: the handler of ";

    private LogRecorder log;

    private Peer call(ConnectionHandler handler) throws IOException {
        log = closing(new LogRecorder());
        open(builder -> builder);
        AsyncServerSocket server = listen();
        server.serve(handler);
        return closing(Peer.connect(server.localAddress()));
    }

    private String awaitLogged() {
        Await.until(log::text, () -> log.text().contains("the handler of "));
        return log.text();
    }

    private void assertError(String text, Class<? extends Exception> type) {
        assertTrue(text.contains(ERROR), text);
        assertTrue(text.contains(type.getName()), text);
        assertTrue(text.contains("\tat "), "the stack: " + text);
        assertFalse(text.contains("releasing"), text);
    }

    private void assertDebug(String text) {
        assertTrue(text.contains(DEBUG), text);
        assertFalse(text.contains(ERROR), text);
    }

    @Test
    void handler_missingAFile_isLoggedAsAnError() throws IOException {
        call(socket -> {
            Files.newInputStream(Path.of("no", "such", "file"));
            return null;
        });
        assertError(awaitLogged(), java.nio.file.NoSuchFileException.class);
    }

    @Test
    void handler_failingWithOwnIOException_isErrorEvenAfterEnd() throws IOException {
        call(socket -> socket.readLine().thenCompose(none -> {
                    return CompletableFuture.failedFuture(new IOException("of my own"));
                }))
                .end();
        assertError(awaitLogged(), IOException.class);
    }

    @Test
    void handler_failingTransferSource_isLoggedAsError() throws IOException {
        call(socket -> socket.transferFrom(
                new ReadableByteChannel() {
                    @Override
                    public int read(ByteBuffer dst) throws IOException {
                        throw new IOException("of the source");
                    }

                    @Override
                    public boolean isOpen() {
                        return true;
                    }

                    @Override
                    public void close() {}
                },
                10,
                total -> {}));
        String text = awaitLogged();
        assertError(text, IOException.class);
        assertTrue(text.contains("of the source"), text);
    }

    @Test
    void handler_failingWithAnotherConnection_isLoggedAsAnError() throws IOException {
        onlyOverTcp();
        open(builder -> builder);
        try (RefusedPort refused = new RefusedPort()) {
            call(socket -> sockets.connect("127.0.0.1", refused.port()));
            assertError(awaitLogged(), java.net.ConnectException.class);
        }
    }

    @Test
    void handler_peerEndsWithinMessage_isNoError() throws IOException {
        call(socket -> socket.readExactly(10)).send("abc").end();
        assertDebug(awaitLogged());
    }

    @Test
    void handler_wrappingEndOfConnection_isNoError() throws IOException {
        call(socket -> socket.readExactly(10).handle((bytes, failure) -> {
                    throw new java.util.concurrent.CompletionException(new IOException("no request", failure));
                }))
                .end();
        assertDebug(awaitLogged());
    }

    @Test
    void handler_inBlockingStyle_isToldApartToo() throws IOException {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            log = closing(new LogRecorder());
            open(builder -> builder);
            AsyncServerSocket server = listen();
            server.serve(
                    socket -> {
                        if (AsyncScope.await(socket.expectLine()).equals("mine")) {
                            throw new IOException("of my own");
                        }
                    },
                    pool);
            closing(Peer.connect(server.localAddress())).end();
            assertDebug(awaitLogged());
            closing(Peer.connect(server.localAddress())).send("mine\n");
            Await.until(log::text, () -> log.text().contains(ERROR));
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void handler_connectionReset_isNoError() throws IOException {
        CompletableFuture<AsyncSocket> serving = new CompletableFuture<>();
        Peer peer = call(socket -> {
            serving.complete(socket);
            return socket.readExactly(10);
        });
        Await.value(serving);
        peer.reset();
        assertDebug(awaitLogged());
    }

    @Test
    void handler_socketsClosed_isNoError() throws IOException {
        CompletableFuture<AsyncSocket> serving = new CompletableFuture<>();
        call(socket -> {
            serving.complete(socket);
            return socket.readExactly(10);
        });
        Await.value(serving);
        sockets.close();
        assertDebug(awaitLogged());
    }
}
