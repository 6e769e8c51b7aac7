package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Shutdown while a message has arrived in part, and no byte of the message can be decrypted (clause 13). */
class ShutdownWithinRecordTest extends TlsTest {
    private static final Duration ENOUGH = Duration.ofSeconds(30);

    /** A passage that holds back the rest of one write, after its first {@code before} bytes. */
    private static final class Gate implements Middle.Passage {
        private final int before;
        private final CompletableFuture<Void> reached = new CompletableFuture<>();
        private final CompletableFuture<Void> opened = new CompletableFuture<>();
        /** Set by the test, and reset by the I/O thread. If true, the next write is held back. */
        private volatile boolean armed;

        Gate(int before) {
            this.before = before;
        }

        @Override
        public CompletionStage<?> pass(byte[] bytes, AsyncSocket server) {
            if (!armed) {
                return server.write(bytes);
            }
            armed = false;
            return server.write(Arrays.copyOf(bytes, before))
                    .thenRun(() -> reached.complete(null))
                    .thenCompose(none -> opened)
                    .thenCompose(none -> server.write(Arrays.copyOfRange(bytes, before, bytes.length)));
        }
    }

    /** Waits until the single I/O thread has run all earlier tasks. */
    private void awaitTurns() throws IOException {
        AsyncSocket[] pair = pair();
        for (int i = 0; i < 4; i++) {
            pair[0].writeLine("a turn");
            assertEquals("a turn", Await.value(pair[1].readLine()));
        }
        pair[0].close();
        pair[1].close();
    }

    private void answered(String version, int before) throws IOException {
        Gate gate = new Gate(before);
        AsyncServerSocket server = listen(SERVER);
        server.serve(socket -> AsyncLoop.forEach(socket::readLine, socket::writeLine));
        try (Middle middle = new Middle(sockets, server, gate)) {
            AsyncSocket client =
                    Await.value(sockets.connect(middle.address(), chosen -> chosen.tls(CLIENT.protocols(version))));
            client.writeLine("hello");
            assertEquals("hello", Await.value(client.readLine()));
            gate.armed = true;
            String request = "x".repeat(9_000);
            client.writeLine(request);
            Await.value(gate.reached);
            CompletableFuture<ShutdownReport> report = server.shutdown(ENOUGH);
            awaitTurns();
            gate.opened.complete(null);
            assertEquals(request, Await.value(client.readLine()));
            assertNull(Await.value(client.readLine()));
            client.close();
            assertEquals(new ShutdownReport(1, 0), Await.value(report));
        }
    }

    @OverEach
    void shutdown_partOfARecordHasCome_theMessageIsAnswered(String provider) throws IOException {
        open(provider, builder -> builder.threads(1));
        for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
            for (int before : new int[] {1, 5, 3_000}) {
                answered(version, before);
            }
        }
    }
}
