package io.github.futuresockets.impl;

import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs tasks that may block, on one thread as long as none does. A task that has not begun after a while, because all threads
 * are held by others, gets a thread more.
 */
final class SpareThreads implements Executor {
    /*
     * Guarded by this object's monitor: `watching` says that the timer will call `look`, and `completed` is how many tasks
     * were over at the last look. A task is queued before `watching` is read under the monitor, and the queue is looked at
     * before `watching` is cleared under the same: so no task is queued without a look that follows.
     */
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(10);

    private final ThreadPoolExecutor threads;
    private final ScheduledExecutorService timer;
    private boolean watching;
    private long completed;

    SpareThreads(ThreadFactory factory, ScheduledExecutorService timer) {
        this.timer = timer;
        this.threads = new ThreadPoolExecutor(
                1,
                Integer.MAX_VALUE,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                factory,
                new ThreadPoolExecutor.CallerRunsPolicy());
        Engine.idle(threads);
    }

    /** Where no thread can be had the caller runs the task, since the task must not be lost. */
    @Override
    public void execute(Runnable task) {
        Runnable guarded = () -> ChannelLoop.guard(task);
        try {
            threads.execute(guarded);
        } catch (Throwable noThread) {
            Log.log(Level.DEBUG, "no thread for an alarm", noThread);
            guarded.run();
            return;
        }
        synchronized (this) {
            if (!watching && !threads.getQueue().isEmpty()) {
                completed = threads.getCompletedTaskCount();
                watching = lookLater();
            }
        }
    }

    /** Sets the timer for a look. If the timer cannot be set, the queued task gets a thread at once. */
    private boolean lookLater() {
        try {
            timer.schedule(this::look, PATIENCE, TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException shutdown) {
            return false;
        } catch (Throwable noTimer) {
            grow();
            return false;
        }
    }

    /** Adds a thread. If none can be started, the queued task waits for one of the threads that there are. */
    private void grow() {
        try {
            threads.setCorePoolSize(threads.getActiveCount() + 1);
        } catch (Throwable noThread) {
            Log.log(Level.WARNING, "alarms wait for a thread", noThread);
        }
    }

    private synchronized void look() {
        if (threads.getQueue().isEmpty()) {
            watching = false;
            threads.setCorePoolSize(1);
            return;
        }
        long now = threads.getCompletedTaskCount();
        if (now == completed) {
            grow();
        }
        completed = now;
        watching = lookLater();
    }

    /** What is queued is still run. */
    void shutdown() {
        threads.shutdown();
    }
}
