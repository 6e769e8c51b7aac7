package io.github.futuresockets.impl.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.Deadline;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.impl.support.Await;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Tests the time of a simulated network. The time applies to all sockets and futures of the network, and has no end.
 */
class VirtualTimeTest {
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    private final MemoryNetwork network = MemoryNetwork.create();
    private final AsyncSocketPair pair = network.pair();

    private static <T> void assertLate(CompletableFuture<T> future) {
        assertTrue(future.isDone(), future::toString);
        Await.failure(TimeoutException.class, future);
    }

    @Test
    void deadline_usesTimeOfLimitedSockets() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        CompletableFuture<String> first = deadline.limit(pair.left().readLine());
        network.advance(Duration.ofSeconds(9));
        assertFalse(first.isDone());
        assertEquals(Duration.ofSeconds(1), deadline.remaining());
        first.cancel(false);
        CompletableFuture<String> second = deadline.limit(pair.left().readLine().thenApply(line -> line));
        network.advance(Duration.ofMillis(999));
        assertFalse(second.isDone());
        network.advance(Duration.ofMillis(1));
        assertLate(second);
        assertTrue(deadline.isExpired());
        assertLate(deadline.limit(pair.right().readLine()));
    }

    @Test
    void timeouts_ofCompositionsOverForeignStages_useVirtualTime() {
        AsyncSocket left = pair.left();
        List<Supplier<CompletableFuture<?>>> compositions = List.of(
                () -> AsyncLoop.forEach(List.of(1, 2), 1, turn -> turn == 1 ? null : left.readLine()),
                () -> AsyncLoop.forEach(List.of(1, 2), 2, turn -> turn == 1 ? foreign(1) : left.readLine()),
                () -> AsyncLoop.forEach(() -> foreign("item"), item -> left.readLine()),
                () -> AsyncScope.all(foreign(1), left.readLine()),
                () -> AsyncScope.race(new CompletableFuture<>(), left.readLine()),
                () -> AsyncScope.all(foreign(1), left.readLine()).thenApply(none -> none),
                () -> AsyncScope.using(foreign(left), AsyncSocket::readLine));
        for (Supplier<CompletableFuture<?>> each : compositions) {
            CompletableFuture<?> composition = each.get().orTimeout(5, TimeUnit.SECONDS);
            network.advance(Duration.ofSeconds(5).minusNanos(1));
            assertFalse(composition.isDone(), composition::toString);
            network.advance(Duration.ofNanos(1));
            assertLate(composition);
        }
    }

    private static <T> CompletableFuture<T> foreign(T value) {
        return CompletableFuture.completedFuture(value);
    }

    @Test
    void timeouts_setAfterNetworkClose_useVirtualTime() {
        CompletableFuture<String> keeper = new CompletableFuture<>();
        CompletableFuture<String> chain = pair.left().writable().thenCompose(none -> keeper);
        network.close();
        chain.orTimeout(5, TimeUnit.SECONDS);
        network.advance(Duration.ofSeconds(5));
        assertLate(chain);
    }

    @Test
    void time_hasNoEndAtWhichAlarmsRingForEver() {
        for (int i = 0; i < 5; i++) {
            network.advance(FOREVER);
            CompletableFuture<String> read =
                    pair.left().readTimeout(Duration.ofSeconds(1)).readLine();
            network.advance(Duration.ofMillis(999));
            assertFalse(read.isDone());
            network.advance(i % 2 == 0 ? Duration.ofMillis(1) : FOREVER);
            Await.failure(SocketTimeoutException.class, read);
        }
    }

    @Test
    void timeOut_ofForEverRingsNoSooner() {
        network.advance(Duration.ofSeconds(5));
        CompletableFuture<String> read = pair.left().readTimeout(FOREVER).readLine();
        network.advance(Duration.ofNanos(Long.MAX_VALUE / 2));
        network.advance(Duration.ofSeconds(5));
        assertFalse(read.isDone(), "less than the longest time has passed since");
    }
}
