package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.impl.connection.Barrier;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.ChangedClasses;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.asm.Advice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cancel, close, abort or shutdown at the moment of the upgrade. No socket may stay open. */
class StartTlsRacesTest extends TlsTest {
    private static final Duration GRACE = Duration.ofSeconds(60);

    /** A time-out of a handshake that does not end a test instead of the cause under test. */
    private static final Duration LONG = Duration.ofMinutes(5);

    /** Runs an action at each upgrade, when its barrier is passed and there is no successor. In the copy. */
    public static final class Takeover {
        private static Runnable action = () -> {};

        private Takeover() {}

        @Advice.OnMethodExit
        static void exit() {
            Takeover.run();
        }

        public static void run() {
            action.run();
        }
    }

    /** Runs the action on the loop before the barrier is passed. In the copy. */
    static final class BeforeTakeover {
        private BeforeTakeover() {}

        @Advice.OnMethodEnter
        static void enter() {
            Takeover.run();
        }
    }

    /** The body of a test, in the copy. */
    private interface Body {
        void run(StartTlsRacesTest test) throws IOException;
    }

    /** Calls a static method of the copy of this test. */
    private static void atTakeover(String method, String provider) {
        new ChangedClasses().with(Barrier.class, "pass", Takeover.class).run(StartTlsRacesTest.class, method, provider);
    }

    private static void beforeTakeover(String method, String provider) {
        new ChangedClasses()
                .with(Barrier.class, "pass", BeforeTakeover.class)
                .run(StartTlsRacesTest.class, method, provider);
    }

    /** Runs a test. Because a close waits for all connections, the sockets stay open after a failure. */
    private static void over(String provider, Body body) throws IOException {
        StartTlsRacesTest test = new StartTlsRacesTest();
        test.open(provider);
        body.run(test);
        test.leaveNothing();
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
    void startTls_abortAtTakeover_endsConnection(String provider) {
        atTakeover("abort", provider);
    }

    @OverEach
    void startTls_abortBeforeTakeover_endsConnection(String provider) {
        beforeTakeover("abort", provider);
    }

    static void abort(String provider) throws IOException {
        over(provider, test -> {
            AsyncSocket[] ends = test.pair();
            Takeover.action = ends[0]::abort;
            Await.failure(ClosedChannelException.class, ends[0].startTls(CLIENT));
            Await.value(ends[0].closed());
            ends[1].abort();
        });
    }

    @OverEach
    void startTls_closeAtTakeover_endsConnection(String provider) {
        atTakeover("close", provider);
    }

    @OverEach
    void startTls_closeBeforeTakeover_endsConnection(String provider) {
        beforeTakeover("close", provider);
    }

    static void close(String provider) throws IOException {
        over(provider, test -> {
            AsyncSocket[] ends = test.pair();
            Takeover.action = ends[0]::close;
            Await.failure(ClosedChannelException.class, ends[0].startTls(CLIENT));
            ends[1].close();
            Await.value(ends[0].closed());
        });
    }

    /** Without the memory provider, because its upgrade happens before {@code startTls} returns the future. */
    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void startTls_cancelAtTakeover_endsConnection(String provider) {
        atTakeover("cancel", provider);
    }

    static void cancel(String provider) throws IOException {
        over(provider, test -> {
            AsyncSocket[] ends = test.pair();
            CompletableFuture<CompletableFuture<AsyncSocket>> begun = new CompletableFuture<>();
            Takeover.action = () -> begun.join().cancel(false);
            CompletableFuture<AsyncSocket> start = ends[0].startTls(CLIENT.handshakeTimeout(LONG));
            begun.complete(start);
            Await.value(ends[0].closed());
            assertTrue(start.isCancelled());
            Await.failure(ClosedChannelException.class, ends[0].readLine());
            ends[1].abort();
        });
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
    void startTls_listenerShutdownAtTakeover_endsHandshake(String provider) {
        atTakeover("listenerShutdown", provider);
    }

    static void listenerShutdown(String provider) throws IOException {
        over(provider, test -> {
            AtomicReference<CompletableFuture<ShutdownReport>> report = new AtomicReference<>();
            AsyncServerSocket server = test.listen();
            Takeover.action = () -> report.set(server.shutdown(GRACE));
            server.serve(plain -> plain.startTls(SERVER.handshakeTimeout(LONG)));
            CompletableFuture<AsyncSocket> client = test.sockets.connect(server.localAddress());
            Await.until("it is handed over", () -> report.get() != null);
            Await.value(report.get());
            client.thenAccept(AsyncSocket::abort);
        });
    }

    /** Without the memory provider, because its upgrade happens before {@code startTls} returns the future. */
    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void startTls_cancelBeforeTakeover_leavesPlainSocketUnchanged(String provider) {
        beforeTakeover("cancelBefore", provider);
    }

    static void cancelBefore(String provider) throws IOException {
        over(provider, test -> {
            AsyncSocket[] ends = test.pair();
            CompletableFuture<CompletableFuture<AsyncSocket>> begun = new CompletableFuture<>();
            CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
            Takeover.action = () -> cancelled.complete(begun.join().cancel(false));
            CompletableFuture<AsyncSocket> start = ends[0].startTls(CLIENT);
            begun.complete(start);
            assertTrue(Await.value(cancelled));
            Await.value(ends[0].writeLine("plain"));
            assertEquals("plain", Await.value(ends[1].readLine()));
            ends[1].writeLine("plain too");
            assertEquals("plain too", Await.value(ends[0].readLine()));
        });
    }

    /** Throws when the successor has been made, and is registered. In the copy. */
    public static final class SuccessorThrows {
        private SuccessorThrows() {}

        @Advice.OnMethodExit
        static void exit() {
            SuccessorThrows.fail();
        }

        public static void fail() {
            throw new IllegalStateException("no successor");
        }
    }

    @OverEach
    void startTls_successorThrows_leavesNothingRegistered(String provider) throws ClassNotFoundException {
        Class<?> maker = Class.forName("io.github.futuresockets.impl.engine.TlsSocketOpening");
        new ChangedClasses()
                .with(maker, "of", SuccessorThrows.class)
                .run(StartTlsRacesTest.class, "successorThrows", provider);
    }

    static void successorThrows(String provider) throws IOException {
        over(provider, test -> {
            AsyncSocket[] ends = test.pair();
            Await.failure(IllegalStateException.class, ends[0].startTls(CLIENT));
            Await.value(ends[0].closed());
            ends[1].abort();
            Await.until("no connection is left", () -> test.sockets.stats().open() == 0);
        });
    }
}
