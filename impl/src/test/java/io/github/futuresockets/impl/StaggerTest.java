package io.github.futuresockets.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.engine.Engine;
import io.github.futuresockets.impl.memory.VirtualClock;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.SilentAddress;
import io.github.futuresockets.spi.Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests RFC 8305, section 5, on a virtual clock. Each address is tried exactly one stagger after the previous address.
 */
class StaggerTest {
    private static final long STAGGER = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int ROUNDS = 1_000;

    /** Opens an engine of a provider with the given resources. */
    interface Opening {
        Engine open(Settings settings, Supplies supplies);
    }

    static Stream<Opening> providers() {
        return Stream.of(new LoopProvider()::open, new Nio2Provider()::open);
    }

    private final VirtualClock clock = new VirtualClock();

    private Engine open(Opening opening, InetAddress... addresses) {
        return opening.open(
                new Settings(
                        1,
                        Thread::new,
                        null,
                        Duration.ofSeconds(10),
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        1 << 20,
                        null,
                        host -> List.of(addresses),
                        Map.of()),
                Supplies.at(clock));
    }

    private void awaitAlarms(int count) {
        Await.until(() -> count + " alarms, not " + clock.pending(), () -> clock.pending() == count);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void connect_silentAddress_triesNextAfterStagger(Opening opening) throws Exception {
        InetAddress silentHost = InetAddress.getByName("127.0.0.2");
        InetAddress host = InetAddress.getByName("127.0.0.3");
        try (SilentAddress silent = new SilentAddress(silentHost);
                PeerServer server = new PeerServer(
                        new InetSocketAddress(host, silent.address().getPort()), 0);
                Engine sockets = open(opening, silentHost, host)) {
            int before = Descriptors.count();
            for (int round = 0; round < ROUNDS; round++) {
                CompletableFuture<AsyncSocket> connect = sockets.connect("two.test", server.port());
                awaitAlarms(2);
                clock.advance(STAGGER - 1);
                assertEquals(2, clock.pending(), "the stagger and the time-out wait");
                assertFalse(connect.isDone());
                clock.advance(1);
                AsyncSocket socket = Await.value(connect);
                assertEquals(server.address(), socket.remoteAddress());
                assertEquals(0, clock.pending(), "nothing is left of the race");
                socket.abort();
                server.accept().close();
            }
            Descriptors.awaitAtMost(before);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void connect_allAddressesSilent_endsAtOverallTimeout(Opening opening) throws Exception {
        InetAddress silentHost = InetAddress.getByName("127.0.0.2");
        try (SilentAddress silent = new SilentAddress(silentHost);
                Engine sockets = open(opening, silentHost, silentHost)) {
            int before = Descriptors.count();
            CompletableFuture<AsyncSocket> connect =
                    sockets.connect("two.test", silent.address().getPort());
            awaitAlarms(2);
            clock.advance(STAGGER);
            awaitAlarms(1);
            clock.advance(TimeUnit.SECONDS.toNanos(10) - STAGGER - 1);
            assertFalse(connect.isDone(), "not a nanosecond early");
            clock.advance(1);
            Throwable failure = Await.failure(SocketTimeoutException.class, connect);
            assertEquals(2, failure.getSuppressed().length);
            assertTrue(failure.getMessage().contains("2 of 2 addresses"), failure.getMessage());
            Descriptors.awaitAtMost(before);
        }
    }
}
