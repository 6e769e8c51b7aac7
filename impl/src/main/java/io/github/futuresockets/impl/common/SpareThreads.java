package io.github.futuresockets.impl.common;

import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * An executor for tasks that may block. A single thread runs the tasks as long as none blocks. If tasks are queued and
 * no task completes for about 10 milliseconds, a further thread is added.
 */
final class SpareThreads implements Executor {
    /*
     * Guarded by this: watching, completed. `watching` is true while a call of `look` is scheduled. `completed` is the
     * number of completed tasks at the last look.
     *
     * Invariant: each queued task is followed by a look. A task is queued before `watching` is read under the monitor,
     * and the queue is checked under the monitor before `watching` is cleared.
     */
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(10);

    private final ThreadPoolExecutor threads;
    private final ScheduledExecutorService timer;

    // guarded by this
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
        Threads.idle(threads);
    }

    /**
     * Runs a task on a thread of the pool. If there is no thread, the caller runs the task, because no task may be
     * lost.
     */
    @Override
    public void execute(Runnable task) {
        Runnable guarded = () -> Threads.guard(task);
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

    /**
     * Schedules a look. If the timer cannot be set, the queued task gets a thread at once.
     *
     * @return true if a look is scheduled
     */
    private boolean lookLater() {
        assert Thread.holdsLock(this);
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

    /** Adds a thread. If no thread can be started, the queued task waits for one of the present threads. */
    private void grow() {
        assert Thread.holdsLock(this);
        try {
            threads.setCorePoolSize(threads.getActiveCount() + 1);
        } catch (Throwable noThread) {
            Log.log(Level.WARNING, "alarms wait for a thread", noThread);
        }
    }

    /** Adds a thread if no task has completed since the last look. */
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

    /** Ends the threads after the queued tasks. */
    void shutdown() {
        threads.shutdown();
    }
}
