package io.github.futuresockets.impl;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Ends what waits without progress. Progress only notes the time; one alarm at most is set per side, and it sets itself again
 * for what is left. So an operation costs no timer of its own, and nothing at all when the time-out is off.
 */
final class StallTimer {
    private final Side<?> side;

    /** Nanoseconds; 0 is off. */
    private volatile long limit;

    private volatile long since;
    private @Nullable Future<?> alarm;
    private boolean stopped;

    StallTimer(Side<?> side, long limit) {
        this.side = side;
        this.limit = limit;
    }

    void limit(long nanos) {
        limit = nanos;
        since = System.nanoTime();
        synchronized (this) {
            disarm();
        }
        if (side.isWaiting()) {
            watch();
        }
    }

    boolean isOn() {
        return limit != 0;
    }

    void progress() {
        if (limit != 0) {
            since = System.nanoTime();
        }
    }

    void watch() {
        if (limit != 0) {
            arm(limit);
        }
    }

    synchronized void stop() {
        stopped = true;
        disarm();
    }

    private void disarm() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private synchronized void arm(long nanos) {
        if (alarm == null && !stopped && limit != 0) {
            alarm = side.engine().alarm(this::ring, nanos, side.transport.loop());
        }
    }

    private void ring() {
        synchronized (this) {
            alarm = null;
        }
        long allowed = limit;
        if (allowed == 0 || !side.isWaiting()) {
            return;
        }
        if (isOverdue()) {
            side.stalled(allowed);
        }
        if (side.isWaiting()) {
            arm(Math.max(1, allowed - (System.nanoTime() - since)));
        }
    }

    boolean isOverdue() {
        long allowed = limit;
        return allowed != 0 && System.nanoTime() - since >= allowed;
    }
}
