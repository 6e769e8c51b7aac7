package io.github.futuresockets.impl.connection;

import io.github.futuresockets.impl.transport.IoLoop;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A timer that ends operations without progress. Progress only notes the time. At most a single alarm is set, and an
 * alarm that rings too early is set again for the remaining time. So an operation costs no alarm of its own, and
 * nothing if the time-out is off.
 */
final class StallTimer {
    /** The operations that are timed: of a side, of a connection, or of two connections. */
    interface Watched {
        /** Returns true if an operation is waiting now. */
        boolean isWaiting();

        /** Ends the operations that have waited for {@code nanos} without progress. On the loop, under no lock. */
        void stalled(long nanos);

        /** Ends the waiting operations, because no alarm can be set. On any thread, under no lock. */
        void unwatched(Throwable cause);

        ConnectionHost engine();

        IoLoop loop();
    }

    private final Watched watched;

    // any thread
    /** The time-out in nanoseconds; 0 is off. */
    private volatile long limit;

    // any thread
    /** The time of the last progress. */
    private volatile long since;

    // guarded by this
    private @Nullable Future<?> alarm;

    /** The number of the alarm. Because a cancelled alarm may still ring, each alarm compares its own number. */
    private int turn;

    private boolean stopped;

    StallTimer(Watched watched, long limit) {
        this.watched = watched;
        this.limit = limit;
    }

    /** Changes the time-out. The time begins now. */
    void limit(long nanos) {
        limit = nanos;
        since = now();
        synchronized (this) {
            disarm();
        }
        if (watched.isWaiting()) {
            armTimer();
        }
    }

    private long now() {
        return watched.engine().clock().nanoTime();
    }

    boolean isOn() {
        return limit != 0;
    }

    /** Notes progress. */
    void progress() {
        if (limit != 0) {
            since = now();
        }
    }

    /** Sets the alarm, unless an alarm is set or the time-out is off. */
    void armTimer() {
        if (limit != 0) {
            arm(limit);
        }
    }

    /** Stops the timer for good. */
    synchronized void stop() {
        stopped = true;
        disarm();
    }

    /** Stops the timer if no operation is waiting. */
    void stopUnlessNeeded() {
        if (!watched.isWaiting()) {
            stop();
        }
    }

    private void disarm() {
        assert Thread.holdsLock(this);
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

    /** Returns true if there was no progress for the whole time-out. */
    boolean isOverdue() {
        long allowed = limit;
        return allowed != 0 && now() - since >= allowed;
    }
}
