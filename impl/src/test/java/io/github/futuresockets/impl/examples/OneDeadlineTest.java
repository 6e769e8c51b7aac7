package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.Deadline;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.SilentAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link OneDeadline} with prompt, slow and silent servers. */
class OneDeadlineTest {
    private final AsyncSockets sockets = AsyncSockets.builder()
            .threads(2)
            .closeTimeout(Duration.ofMillis(100))
            .build();

    @AfterEach
    void close() {
        sockets.close();
    }

    private SocketAddress echo() throws IOException {
        AsyncServerSocket server = sockets.listen("localhost", 0);
        server.serve(socket -> AsyncLoop.forEach(socket::readLine, line -> socket.writeLine(line + "!")));
        return server.localAddress();
    }

    private void expectLate(CompletableFuture<String> reply) {
        String message = Await.failure(TimeoutException.class, reply).getMessage();
        assertTrue(message.contains("deadline"), message);
        Await.until("nothing is left", () -> sockets.stats().open() == 0);
    }

    @Test
    void askBoth_withinDeadline_returnsReplyOfSecondServer() throws IOException {
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        assertEquals("question!!", Await.value(OneDeadline.askBoth(sockets, echo(), echo(), "question", deadline)));
    }

    @Test
    void ask_serverNeverAnswers_timesOut() {
        try (PeerServer mute = new PeerServer()) {
            expectLate(OneDeadline.ask(sockets, mute.address(), "question", Deadline.after(Duration.ofMillis(100))));
        }
    }

    @Test
    void ask_endlessReplyByteByByte_timesOut() {
        try (PeerServer slow = new PeerServer()) {
            CompletableFuture<Void> drips = Background.run(() -> {
                try (Peer peer = slow.accept()) {
                    while (true) {
                        peer.send(".");
                        LockSupport.parkNanos(1_000_000);
                    }
                } catch (UncheckedIOException over) {
                    return;
                }
            });
            expectLate(OneDeadline.ask(sockets, slow.address(), "question", Deadline.after(Duration.ofMillis(100))));
            Await.value(drips);
        }
    }

    @Test
    void ask_connectNeverCompletes_timesOut() throws IOException {
        try (SilentAddress silent = new SilentAddress()) {
            expectLate(OneDeadline.ask(sockets, silent.address(), "question", Deadline.after(Duration.ofMillis(100))));
        }
    }

    @Test
    void askBoth_secondServerSilent_timesOutAtCommonDeadline() throws IOException {
        try (PeerServer mute = new PeerServer()) {
            Deadline deadline = Deadline.after(Duration.ofMillis(200));
            CompletableFuture<String> reply =
                    OneDeadline.askBoth(sockets, echo(), mute.address(), "question", deadline);
            expectLate(reply);
            assertTrue(deadline.isExpired());
        }
    }
}
