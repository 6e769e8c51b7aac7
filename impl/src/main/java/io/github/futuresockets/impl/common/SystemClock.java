package io.github.futuresockets.impl.common;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The system time. The timer's thread runs the tasks of {@link #schedule} itself, and passes the tasks of
 * {@link #later} to other threads.
 */
public final class SystemClock implements Clock {
    private final ScheduledThreadPoolExecutor timer;
    private final SpareThreads ringing;

    public SystemClock(Supplies.Threads threads) {
        timer = new ScheduledThreadPoolExecutor(1, threads.named("futuresockets-timer"));
        ringing = new SpareThreads(threads.named("futuresockets-alarm"), timer);
        timer.setRemoveOnCancelPolicy(true);
        Threads.idle(timer);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Future<?> schedule(Runnable task, long nanos) {
        try {
            // The JDK queues a task before the start of its thread. A task whose schedule fails must not run later.
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
