package io.github.futuresockets.loop;

import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The time-outs of a loop's operations. Any thread adds and removes a timer. The driving thread runs the timers. */
final class Timers {
    /**
     * A timer, which runs once. A removal does not stop a run that has begun, so the task checks if its operation is
     * pending.
     */
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

    /** The longest time-out, so that the difference of two times does not overflow. */
    private static final long FARTHEST = Long.MAX_VALUE / 2;

    /*
     * The loop sleeps until the first timer is due. A timer that is added meanwhile wakes the loop only if the timer is
     * due earlier. If there is no timer when the loop goes to sleep, the loop sleeps at most as long as the last added
     * timer (`usual`), because the next timer probably has the same length. The lock is a leaf.
     */
    // guarded by this
    private final TreeSet<Timer> timers = new TreeSet<>();
    private long number;

    /**
     * The length of the last timer that was added since the last sleep of the loop, in nanoseconds. 0 if none was
     * added.
     */
    private long usual;

    /** The end of the loop's sleep, as a {@link System#nanoTime}. */
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

    /** Returns true if a sleeping loop must be woken for the timer. */
    synchronized boolean isSooner(Timer timer) {
        return sleepsForEver || timer.time - until < 0;
    }

    /** Returns the time that the loop may sleep, in milliseconds. At least 1, or 0 for no limit. */
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

    /** Runs the timers that are due. By the driving thread. */
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
