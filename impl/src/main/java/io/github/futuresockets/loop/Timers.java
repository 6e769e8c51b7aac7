package io.github.futuresockets.loop;

import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The time-outs of a loop's operations. Any thread adds and removes them, under the monitor; the loop's thread runs them. */
final class Timers {
    /** Runs once, unless it is removed before; a run that has begun is not stopped, so it looks who it is for. */
    static final class Timer implements Comparable<Timer> {
        private final long time;
        private final long number;
        private final Runnable task;

        private Timer(long time, long number, Runnable task) {
            this.time = time;
            this.number = number;
            this.task = task;
        }

        @Override
        public int compareTo(Timer other) {
            long earlier = time - other.time;
            return earlier != 0 ? Long.signum(earlier) : Long.compare(number, other.number);
        }
    }

    /** No time is further away, so that the difference of any two fits. */
    private static final long FARTHEST = Long.MAX_VALUE / 2;

    private final TreeSet<Timer> timers = new TreeSet<>();
    private long number;

    synchronized Timer add(long nanos, Runnable task) {
        Timer timer = new Timer(System.nanoTime() + Math.min(nanos, FARTHEST), number++, task);
        timers.add(timer);
        return timer;
    }

    synchronized void remove(Timer timer) {
        timers.remove(timer);
    }

    /** Milliseconds to the next, at least 1; 0: there is none. */
    synchronized long delay() {
        if (timers.isEmpty()) {
            return 0;
        }
        long nanos = timers.first().time - System.nanoTime();
        return nanos <= 0 ? 1 : nanos / 1_000_000 + 1;
    }

    /** Runs those whose time has come. */
    void expire(Consumer<Runnable> runner) {
        for (Timer due = due(); due != null; due = due()) {
            runner.accept(due.task);
        }
    }

    private synchronized @Nullable Timer due() {
        boolean none = timers.isEmpty() || timers.first().time - System.nanoTime() > 0;
        return none ? null : timers.pollFirst();
    }
}
