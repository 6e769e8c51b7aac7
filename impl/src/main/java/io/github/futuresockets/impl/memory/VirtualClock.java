package io.github.futuresockets.impl.memory;

import io.github.futuresockets.impl.common.Clock;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until {@link #advance}. Tasks that become due run on the advancing thread, in the order of
 * their times. Thread-safe.
 */
public final class VirtualClock implements Clock {
    /*
     * Guarded by this: `alarms`, `now` and `scheduled`. A task runs without the lock, and `now` is then the time of the
     * task. So a task that is scheduled by a running task may become due within the same advance. If two threads
     * advance at once, each thread runs some of the tasks.
     *
     * The time overflows, as System.nanoTime may, so only differences are compared. No alarm is further away than
     * Long.MAX_VALUE. So the differences between waiting alarms are right, and no alarm can ring for ever at an end of
     * time.
     */
    private final class Alarm extends FutureTask<Void> implements Comparable<Alarm> {
        private final long due;
        private final long number;

        Alarm(Runnable task, long due, long number) {
            super(task, null);
            this.due = due;
            this.number = number;
        }

        @Override
        protected void done() {
            synchronized (VirtualClock.this) {
                alarms.remove(this);
            }
        }

        @Override
        public int compareTo(Alarm other) {
            return due != other.due ? Long.signum(due - other.due) : Long.compare(number, other.number);
        }
    }

    // Guarded by this.
    private final TreeSet<Alarm> alarms = new TreeSet<>();
    private long now;
    private long scheduled;

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public LongSupplier simulated() {
        return this::nanoTime;
    }

    @Override
    public synchronized Future<?> schedule(Runnable task, long nanos) {
        Alarm alarm = new Alarm(task, now + Math.max(0, nanos), scheduled++);
        alarms.add(alarm);
        return alarm;
    }

    /** Schedules a task for the advancing thread, as {@link #schedule} does. */
    @Override
    public Future<?> later(Runnable task, long nanos) {
        return schedule(task, nanos);
    }

    /**
     * Moves the time forward, and runs the tasks that become due.
     *
     * @param nanos the step in nanoseconds, at least 0
     */
    public void advance(long nanos) {
        long end;
        synchronized (this) {
            end = now + nanos;
        }
        for (Alarm next = due(end); next != null; next = due(end)) {
            next.run();
        }
    }

    /** Returns the number of tasks that have not run yet. */
    public synchronized int pending() {
        return alarms.size();
    }

    /**
     * Takes the next task that is due by {@code end}, and moves the time to the time of the task. Without such a task,
     * moves the time to {@code end} and returns null.
     */
    private synchronized @Nullable Alarm due(long end) {
        long left = end - now;
        if (left < 0) {
            return null;
        }
        Alarm first = alarms.isEmpty() ? null : alarms.first();
        if (first == null || first.due - now > left) {
            now = end;
            return null;
        }
        now += Math.max(0, first.due - now);
        return alarms.pollFirst();
    }

    /** Does nothing, because there is no thread to end. Tasks that remain stay scheduled. */
    @Override
    public void shutdown() {}
}
