package io.github.futuresockets.impl;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Ends what waits without progress. Progress only notes the time; one alarm at most is set per watched, and it sets itself again
 * for what is left. So an operation costs no timer of its own, and nothing at all when the time-out is off.
 */
final class StallTimer {
    /** What is watched. */
    interface Watched {
        /** Whether anything waits now. */
        boolean isWaiting();

        /** Ends what has waited for so many nanoseconds without progress; on the loop, under no lock. */
        void stalled(long nanos);

        /** No alarm can be set for what waits: ends that. From any thread, under no lock. */
        void unwatched(Throwable cause);

        Engine engine();

        Loop loop();
    }

    private final Watched watched;

    /** Nanoseconds; 0 is off. */
    private volatile long limit;

    private volatile long since;
    /** Guarded by this object's monitor; `turn` is the number of the alarm: one that has been taken back may ring yet. */
    private @Nullable Future<?> alarm;

    private int turn;
    private boolean stopped;

    StallTimer(Watched watched, long limit) {
        this.watched = watched;
        this.limit = limit;
    }

    void limit(long nanos) {
        limit = nanos;
        since = now();
        synchronized (this) {
            disarm();
        }
        if (watched.isWaiting()) {
            watch();
        }
    }

    private long now() {
        return watched.engine().clock().nanoTime();
    }

    boolean isOn() {
        return limit != 0;
    }

    void progress() {
        if (limit != 0) {
            since = now();
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

    /** One of those who are watched has ended. */
    void stopUnlessNeeded() {
        if (!watched.isWaiting()) {
            stop();
        }
    }

    private void disarm() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private void arm(long nanos) {
        try {
            set(nanos);
        } catch (Throwable e) {
            watched.unwatched(e);
        }
    }

    private synchronized void set(long nanos) {
        if (alarm == null && !stopped && limit != 0) {
            int mine = ++turn;
            alarm = watched.engine().alarm(() -> ring(mine), nanos, watched.loop());
        }
    }

    private void ring(int mine) {
        synchronized (this) {
            if (alarm == null || mine != turn) {
                return;
            }
            alarm = null;
        }
        long allowed = limit;
        if (allowed == 0 || !watched.isWaiting()) {
            return;
        }
        if (isOverdue()) {
            watched.stalled(allowed);
        }
        if (watched.isWaiting()) {
            arm(Math.max(1, allowed - (now() - since)));
        }
    }

    boolean isOverdue() {
        long allowed = limit;
        return allowed != 0 && now() - since >= allowed;
    }
}
