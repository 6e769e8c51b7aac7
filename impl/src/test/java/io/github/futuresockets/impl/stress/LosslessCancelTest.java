package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.TestAccess;
import io.github.futuresockets.impl.support.Seeds;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that a cancel or a time-out at the arrival of bytes loses no byte and permits the next read. */
class LosslessCancelTest extends ProviderTest {
    private static final int CONNECTIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    @Timeout(value = 150, unit = TimeUnit.SECONDS)
    void read_cancelledOnArrival_losesNoByte() {
        onManyConnections(15_000);
    }

    @Test
    @Timeout(value = 150, unit = TimeUnit.SECONDS)
    void read_cancelledAfterClaim_keepsBytes() {
        betweenClaimAndCompletion(6_000, new Watch(), PATIENCE);
    }

    @Test
    void cancelRounds_withoutClaim_fail() {
        Watch always = new Watch() {
            @Override
            public boolean claim(boolean pending) {
                return true;
            }
        };
        AssertionError failure = assertThrows(
                AssertionError.class, () -> betweenClaimAndCompletion(20_000, always, Duration.ofSeconds(2)));
        assertTrue(failure.getMessage().contains("with seed"), failure.getMessage());
    }

    @Test
    @Tag("stress")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void read_cancelledOnArrivalLongRun_losesNoByte() {
        onManyConnections(Patience.scaled(1_000_000));
    }

    @Test
    @Tag("stress")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void read_cancelledAfterClaimLongRun_keepsBytes() {
        betweenClaimAndCompletion(Patience.scaled(250_000), new Watch(), PATIENCE);
    }

    /** Runs the rounds on connections that share the I/O threads. */
    private void onManyConnections(int rounds) {
        long seed = Seeds.random("lossless cancel").nextLong();
        try (AsyncSockets sockets = builder().build()) {
            onEachOf(rounds, seed, PATIENCE, sockets, (random, usual) -> {
                boolean aimed = random.nextInt(4) > 0;
                Patience.spin(aimed ? (long) (usual * random.nextDouble(0.8, 1.2)) : random.nextInt(50_000));
            });
        }
    }

    /** Ends each read after its claim and before its completion. The hook prolongs the time in between. */
    private void betweenClaimAndCompletion(int rounds, Watch watch, Duration patience) {
        long seed = Seeds.random("lossless cancel, claimed").nextLong();
        try (AsyncSockets sockets = builder().build()) {
            TestAccess.install(sockets, watch);
            onEachOf(rounds, seed, patience, sockets, (random, usual) -> {
                int before = watch.claims.get();
                long start = System.nanoTime();
                while (watch.claims.get() == before && System.nanoTime() - start < 100_000) {
                    Thread.onSpinWait();
                }
            });
        }
    }

    private static void onEachOf(
            int rounds, long seed, Duration patience, AsyncSockets sockets, CancelRounds.Moment moment) {
        Parallel.run(CONNECTIONS, Duration.ofMinutes(20), i -> {
            try (ConnectionPair link = ConnectionPair.open(sockets)) {
                new CancelRounds(link, seed + (long) i * Integer.MAX_VALUE, moment, patience).run(rounds / CONNECTIONS);
            }
        });
    }

    /** Counts the claims, and delays each completion after its claim. The delay also works with a single processor. */
    private static class Watch implements TestAccess.Watch {
        final AtomicInteger claims = new AtomicInteger();

        @Override
        public void claimed() {
            claims.incrementAndGet();
            int nanos = ThreadLocalRandom.current().nextInt(20_000);
            if (nanos < 5_000) {
                LockSupport.parkNanos(nanos);
            } else {
                Patience.spin(nanos - 5_000);
            }
        }
    }
}
