package io.github.futuresockets.impl.stress;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits with a limit of the test's choice, and the scale of the stress tests. */
public final class Patience {
    private Patience() {}

    /** Waits by polling. A thread in {@code get} would keep a read alive whose derived futures are all cancelled. */
    public static void done(Duration limit, CompletableFuture<?> future, Supplier<String> what) {
        until(limit, future::isDone, () -> what.get() + " hangs: " + future);
    }

    /** Waits until the condition is true. Spins at first, because most waits take microseconds. */
    public static void until(Duration limit, BooleanSupplier condition, Supplier<String> what) {
        long start = System.nanoTime();
        for (int turn = 0; !condition.getAsBoolean(); turn++) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError(what.get());
            }
            if (turn < 50) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(turn < 1_000 ? 20_000 : 1_000_000);
            }
        }
    }

    /** Keeps the processor busy for a time that is too short to sleep. */
    public static void spin(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    /** Returns the number of turns in the long form of a stress test. */
    public static int scaled(int turns) {
        return Math.toIntExact(turns * Long.getLong("futuresockets.stress.scale", 1));
    }
}
