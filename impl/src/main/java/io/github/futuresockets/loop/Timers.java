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

    /*
     * The loop sleeps until the first time at the latest. A timer that is added meanwhile is sooner than that only seldom, and
     * only then the loop is woken. If there is none when the loop goes to sleep, but one was added since it slept before, then
     * the next will probably have as long to go: the loop sleeps no longer than that.
     */
    private final TreeSet<Timer> timers = new TreeSet<>();
    private long number;

    /** How long the last one that was added since the loop slept before had to go; 0: none was added. */
    private long usual;

    /** Until when the loop sleeps, if it does. */
    private long until;

    private boolean sleepsForEver = true;

    synchronized Timer add(long nanos, Runnable task) {
        long capped = Math.min(nanos, FARTHEST);
        Timer timer = new Timer(System.nanoTime() + capped, number++, task);
        timers.add(timer);
        usual = capped;
        return timer;
    }

    synchronized void remove(Timer timer) {
        timers.remove(timer);
    }

    /** Whether the loop, if it sleeps, has to be woken for that one. */
    synchronized boolean isSooner(Timer timer) {
        return sleepsForEver || timer.time - until < 0;
    }

    /** For how many milliseconds the loop may sleep, at least 1; 0: for ever. */
    synchronized long delay() {
        sleepsForEver = timers.isEmpty() && usual == 0;
        if (sleepsForEver) {
            return 0;
        }
        long now = System.nanoTime();
        until = timers.isEmpty() ? now + usual : timers.first().time;
        usual = 0;
        long nanos = until - now;
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
