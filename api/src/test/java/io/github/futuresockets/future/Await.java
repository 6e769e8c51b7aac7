package io.github.futuresockets.future;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for a state without an event by polling, for at most 20 seconds. */
public final class Await {
    private Await() {}

    public static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not reached within 20 s");
            }
            Thread.onSpinWait();
        }
    }

    /** Returns after {@code thread} has begun to wait. */
    public static void parked(Thread thread) {
        until(() -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }
}
