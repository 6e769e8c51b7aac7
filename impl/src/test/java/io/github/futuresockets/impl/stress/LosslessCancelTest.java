package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.connection.Read;
import io.github.futuresockets.impl.connection.ReadState;
import io.github.futuresockets.impl.support.ChangedClasses;
import io.github.futuresockets.impl.support.Seeds;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import net.bytebuddy.asm.Advice;
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
        betweenClaimAndCompletion(slowCompletion(), 6_000, PATIENCE);
    }

    @Test
    void cancelRounds_withoutClaim_fail() {
        ChangedClasses mutant = slowCompletion().with(ReadState.class, "withdraw", Always.class);
        AssertionError failure = assertThrows(
                AssertionError.class, () -> betweenClaimAndCompletion(mutant, 20_000, Duration.ofSeconds(2)));
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
        betweenClaimAndCompletion(slowCompletion(), Patience.scaled(250_000), PATIENCE);
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

    private static ChangedClasses slowCompletion() {
        return new ChangedClasses().with(Read.class, "publish", Slow.class);
    }

    private void betweenClaimAndCompletion(ChangedClasses library, int rounds, Duration patience) {
        library.run(LosslessCancelTest.class, "endAfterClaim", provider(), rounds, patience);
    }

    /** Ends each read after its claim and before its completion. In the copy in which the completion is slow. */
    static void endAfterClaim(String provider, int rounds, Duration patience) {
        long seed = Seeds.random("lossless cancel, claimed").nextLong();
        try (AsyncSockets sockets = AsyncSockets.builder().provider(provider).build()) {
            onEachOf(rounds, seed, patience, sockets, (random, usual) -> {
                int before = Slow.CLAIMS.get();
                long start = System.nanoTime();
                while (Slow.CLAIMS.get() == before && System.nanoTime() - start < 100_000) {
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
    public static final class Slow {
        static final AtomicInteger CLAIMS = new AtomicInteger();

        private Slow() {}

        @Advice.OnMethodEnter
        static void enter() {
            Slow.claimed();
        }

        public static void claimed() {
            CLAIMS.incrementAndGet();
            int nanos = ThreadLocalRandom.current().nextInt(20_000);
            if (nanos < 5_000) {
                LockSupport.parkNanos(nanos);
            } else {
                Patience.spin(nanos - 5_000);
            }
        }
    }

    /** The mutant: a withdrawal succeeds also after the claim. */
    static final class Always {
        private Always() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean withdrawn) {
            withdrawn = true;
        }
    }
}
