package io.github.futuresockets.impl;

import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What an engine takes for the time. After a shutdown a clock keeps no thread; alarms ring all the same. */
interface Clock {
    /** As {@link System#nanoTime}: differences count, and the value may overflow. */
    long nanoTime();

    /** {@link #nanoTime}, if this is not the time of the machine; otherwise null. */
    default @Nullable LongSupplier simulated() {
        return null;
    }

    /** Runs a task that does not block and calls no code of a user's once, later. */
    Future<?> schedule(Runnable task, long nanos);

    /** Runs a task once, later; the task may block or call code of a user's, and delays no other one by that. */
    Future<?> later(Runnable task, long nanos);

    void shutdown();
}
