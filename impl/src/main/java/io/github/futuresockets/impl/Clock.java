package io.github.futuresockets.impl;

import java.util.concurrent.Future;

/** What an engine takes for the time. */
interface Clock {
    /** As {@link System#nanoTime}. */
    long nanoTime();

    /** Runs a task that does not block once, later; not at all when this has been shut down before. */
    Future<?> schedule(Runnable task, long nanos);

    void shutdown();

    boolean isShutdown();
}
