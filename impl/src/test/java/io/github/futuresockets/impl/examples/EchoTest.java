package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link Echo} with many clients, and with failing peers. */
class EchoTest {
    private AsyncSockets sockets;
    private AsyncServerSocket server;

    @BeforeEach
    void serve() throws IOException {
        sockets = AsyncSockets.builder().threads(2).build();
        server = Echo.serve(sockets, "localhost", 0);
    }

    @AfterEach
    void close() {
        sockets.close();
    }

    @Test
    void ask_concurrentClientsOfAnySize_eachGetsOwnBytesBack() {
        Random random = Seeds.random("echo");
        List<byte[]> contents = new ArrayList<>();
        List<CompletableFuture<ByteBuffer>> replies = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            byte[] content = new byte[i == 0 ? 8 << 20 : random.nextInt(100_000)];
            random.nextBytes(content);
            contents.add(content);
            replies.add(Echo.ask(sockets, server.localAddress(), content));
        }
        for (int i = 0; i < contents.size(); i++) {
            assertArrayEquals(contents.get(i), Await.value(replies.get(i)).array());
        }
        Await.until("every connection is closed", () -> sockets.stats().open() == 0);
    }

    @Test
    void serve_clientEndsStream_stillEchoesAllBytes() {
        try (Peer client = Peer.connect(server.localAddress())) {
            client.send("first").send("last").end();
            assertEquals("firstlast", client.textToEnd());
        }
    }

    @Test
    void ask_serverClosesEarly_failsWithPartialReply() {
        try (PeerServer rude = new PeerServer()) {
            CompletableFuture<ByteBuffer> reply = Echo.ask(sockets, rude.address(), new byte[10]);
            Background.run(() -> {
                try (Peer peer = rude.accept()) {
                    peer.receive(10);
                    peer.send("half");
                }
            });
            IncompleteReadException half = Await.failure(IncompleteReadException.class, reply);
            assertEquals(4, half.partial().remaining());
        }
    }

    @Test
    void ask_noListener_failsWithPortInMessage() {
        server.close();
        // A connect during the close may still be accepted, and then ends at once.
        Await.until("nobody listens", () -> {
            Throwable failure = Await.failure(Echo.ask(sockets, server.localAddress(), new byte[1]));
            return failure instanceof ConnectException && failure.getMessage().contains(String.valueOf(server.port()));
        });
        assertTrue(sockets.stats().open() == 0, sockets.stats().toString());
    }
}
