package io.github.futuresockets.impl;

import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A time that stands still until it is advanced: then what is due by then runs, in its order, on the advancing thread. */
final class VirtualClock implements Clock {
    /*
     * Guarded by this object's monitor. A task runs without it, and the time is then that of the task; so what it schedules
     * is due after that, and may be due before the end of the same advance. Of two that advance at once each runs some.
     *
     * The time overflows, as System.nanoTime may: only differences are compared. No alarm is further away than Long.MAX_VALUE,
     * so the differences of alarms that wait are right, and there is no end of time at which an alarm would ring for ever.
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

    /** On the advancing thread, like all else. */
    @Override
    public Future<?> later(Runnable task, long nanos) {
        return schedule(task, nanos);
    }

    /** Moves on by so much, and returns when what was due has run. */
    void advance(long nanos) {
        long end;
        synchronized (this) {
            end = now + nanos;
        }
        for (Alarm next = due(end); next != null; next = due(end)) {
            next.run();
        }
    }

    /** How many tasks are not due yet. */
    synchronized int pending() {
        return alarms.size();
    }

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

    /** There is no thread that would have to end: whatever outlives the sockets stays in their time. */
    @Override
    public void shutdown() {}
}
