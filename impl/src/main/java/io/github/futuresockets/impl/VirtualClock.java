package io.github.futuresockets.impl;

import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A time that stands still until it is advanced: then what is due by then runs, in its order, on the advancing thread. */
final class VirtualClock implements Clock {
    /*
     * Guarded by this object's monitor. A task runs without it, and the time is then that of the task; so what it schedules
     * is due after that, and may be due before the end of the same advance. Of two that advance at once each runs some.
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
            return due != other.due ? Long.compare(due, other.due) : Long.compare(number, other.number);
        }
    }

    private final TreeSet<Alarm> alarms = new TreeSet<>();
    private long now;
    private long scheduled;
    private boolean shutdown;

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Future<?> schedule(Runnable task, long nanos) {
        long due = now + Math.max(0, nanos);
        Alarm alarm = new Alarm(task, due < now ? Long.MAX_VALUE : due, scheduled++);
        if (!shutdown) {
            alarms.add(alarm);
        }
        return alarm;
    }

    /** Moves on by so much, and returns when what was due has run. */
    void advance(long nanos) {
        long end;
        synchronized (this) {
            end = now + nanos < now ? Long.MAX_VALUE : now + nanos;
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
        Alarm first = alarms.isEmpty() ? null : alarms.first();
        if (first == null || first.due > end) {
            now = Math.max(now, end);
            return null;
        }
        now = Math.max(now, first.due);
        return alarms.pollFirst();
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }
}
