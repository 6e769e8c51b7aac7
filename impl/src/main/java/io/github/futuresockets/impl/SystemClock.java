package io.github.futuresockets.impl;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The time of the machine. */
final class SystemClock implements Clock {
    private final ScheduledThreadPoolExecutor timer;

    SystemClock(Supplies.Threads threads) {
        timer = new ScheduledThreadPoolExecutor(
                1, threads.named("futuresockets-timer"), new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        Engine.idle(timer);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Future<?> schedule(Runnable task, long nanos) {
        // The JDK queues a task before it starts the thread for it: what throws here must not run later.
        timer.prestartCoreThread();
        return timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void shutdown() {
        timer.shutdown();
    }

    @Override
    public boolean isShutdown() {
        return timer.isShutdown();
    }
}
