package io.github.futuresockets.impl;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The time that an orderly close may take: without a byte of ours that leaves, and in all. */
final class Closing {
    /*
     * `alarm` and `stopped` are guarded by this object's monitor. `since` is written by the thread that has the turn to write, and
     * read by the alarm. One alarm at most is set: when it rings too early, it is set again for the rest.
     */

    /** The whole close may take so many times as long as it may stand still. */
    static final int WHOLE = 12;

    private final Connection connection;
    private final long limit;
    private final long begun;
    private volatile long since;
    private @Nullable Future<?> alarm;
    private boolean stopped;

    /** A close that begins now and may stand still for so many nanoseconds. */
    Closing(Connection connection, long limit) {
        this.connection = connection;
        this.limit = limit;
        this.begun = now();
        this.since = begun;
    }

    private long now() {
        return connection.engine().clock().nanoTime();
    }

    /** A byte of ours has left. */
    void progress() {
        since = now();
    }

    /** Sets the alarm. */
    synchronized void arm() {
        if (!stopped) {
            alarm = connection.engine().alarm(this::ring, Math.max(1, left(now())), connection.loop());
        }
    }

    synchronized void stop() {
        stopped = true;
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private void armAgain() {
        try {
            arm();
        } catch (Throwable e) {
            connection.unwatched(e);
        }
    }

    private long whole() {
        return limit > Long.MAX_VALUE / WHOLE ? Long.MAX_VALUE : WHOLE * limit;
    }

    private long left(long now) {
        return Math.min(limit - (now - since), whole() - (now - begun));
    }

    private void ring() {
        long now = now();
        if (left(now) > 0) {
            armAgain();
        } else if (now - since >= limit) {
            connection.closeLate(": close: no byte left", limit);
        } else {
            connection.closeLate(": close did not come to an end", whole());
        }
    }
}
