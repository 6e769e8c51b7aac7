package io.github.futuresockets.impl.common;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The time and the timers of an engine. After a shutdown, a clock keeps no thread, and pending tasks still run. */
public interface Clock {
    /**
     * Returns the time in nanoseconds, as {@link System#nanoTime} does. Only differences are meaningful, and the value
     * may overflow.
     */
    long nanoTime();

    /** Returns {@link #nanoTime} as a function if the time is simulated, otherwise null. */
    default @Nullable LongSupplier simulated() {
        return null;
    }

    /** Runs a task once after a delay. The task must neither block nor call code of a user. */
    Future<?> schedule(Runnable task, long nanos);

    /** Runs a task once after a delay. The task may block or call code of a user, and delays no other task. */
    Future<?> later(Runnable task, long nanos);

    /** Releases the threads of the clock after the pending tasks. */
    void shutdown();

    /** Returns a duration in nanoseconds, or {@link Long#MAX_VALUE} if the duration is too long. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }
}
