package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.impl.TestAccess;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cancel, close, abort or shutdown at the moment of the upgrade. No socket may stay open. */
class StartTlsRacesTest extends TlsTest {
    private static final Duration GRACE = Duration.ofSeconds(60);

    private void whenHandingOver(Runnable action) {
        TestAccess.install(sockets, new TestAccess.Watch() {
            @Override
            public void upgrading() {
                action.run();
            }
        });
    }

    @OverEach
    void startTls_cancelRacesTakeover_leavesPlainSocketOrNone(String provider) throws IOException {
        open(provider);
        Random random = Seeds.random("a cancel against the takeover");
        for (int round = 0; round < 300; round++) {
            AsyncSocket[] ends = pair();
            CompletableFuture<AsyncSocket> start = ends[0].startTls(CLIENT);
            for (int spins = random.nextInt(3_000); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            assertTrue(start.cancel(false));
            CompletableFuture<Void> written = ends[0].writeLine("plain");
            if (Await.value(written.handle((none, failure) -> failure == null))) {
                assertEquals("plain", Await.value(ends[1].readLine()));
                ends[0].abort();
            } else {
                Await.failure(ClosedChannelException.class, written);
            }
            Await.value(ends[0].closed());
            ends[1].abort();
        }
    }

    @OverEach
    void startTls_abortAtTakeover_endsConnection(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        whenHandingOver(ends[0]::abort);
        Await.failure(ClosedChannelException.class, ends[0].startTls(CLIENT));
        Await.value(ends[0].closed());
        ends[1].abort();
    }

    @OverEach
    void startTls_closeAtTakeover_endsConnection(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        whenHandingOver(ends[0]::close);
        Await.failure(ClosedChannelException.class, ends[0].startTls(CLIENT));
        ends[1].close();
        Await.value(ends[0].closed());
    }

    /** Without the memory provider, because its upgrade happens before {@code startTls} returns the future. */
    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void startTls_cancelAtTakeover_endsConnection(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        CompletableFuture<CompletableFuture<AsyncSocket>> begun = new CompletableFuture<>();
        whenHandingOver(() -> begun.join().cancel(false));
        CompletableFuture<AsyncSocket> start = ends[0].startTls(CLIENT);
        begun.complete(start);
        Await.value(ends[0].closed());
        assertTrue(start.isCancelled());
        Await.failure(ClosedChannelException.class, ends[0].readLine());
        ends[1].abort();
    }

    @OverEach
    void startTls_duringShutdown_isAbortedAtOnce(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        CompletableFuture<ShutdownReport> report = sockets.shutdown(GRACE);
        Await.failure(IOException.class, ends[0].startTls(CLIENT));
        Await.value(ends[0].closed());
        ends[1].close();
        Await.value(report);
    }

    @OverEach
    void startTls_listenerShutdownAtTakeover_endsHandshake(String provider) throws IOException {
        open(provider);
        AtomicReference<CompletableFuture<ShutdownReport>> report = new AtomicReference<>();
        AsyncServerSocket server = listen();
        whenHandingOver(() -> report.set(server.shutdown(GRACE)));
        server.serve(plain -> plain.startTls(SERVER));
        CompletableFuture<AsyncSocket> client = sockets.connect(server.localAddress());
        Await.until("it is handed over", () -> report.get() != null);
        Await.value(report.get());
        client.thenAccept(AsyncSocket::abort);
    }
}
