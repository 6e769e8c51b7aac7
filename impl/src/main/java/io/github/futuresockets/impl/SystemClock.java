package io.github.futuresockets.impl;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The time of the machine. The timer's thread only hands tasks on. */
final class SystemClock implements Clock {
    private final ScheduledThreadPoolExecutor timer;
    private final SpareThreads ringing;

    SystemClock(Supplies.Threads threads) {
        timer = new ScheduledThreadPoolExecutor(1, threads.named("futuresockets-timer"));
        ringing = new SpareThreads(threads.named("futuresockets-alarm"), timer);
        timer.setRemoveOnCancelPolicy(true);
        Engine.idle(timer);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Future<?> schedule(Runnable task, long nanos) {
        try {
            // The JDK queues a task before it starts the thread for it: what throws here must not run later.
            timer.prestartCoreThread();
            return timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException shutdown) {
            Executor delayed = CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS);
            return CompletableFuture.runAsync(task, delayed);
        }
    }

    @Override
    public Future<?> later(Runnable task, long nanos) {
        return schedule(() -> ringing.execute(task), nanos);
    }

    @Override
    public void shutdown() {
        timer.shutdown();
        ringing.shutdown();
    }
}
