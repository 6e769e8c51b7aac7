package io.github.futuresockets.impl.connection;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The deadline of an orderly close. Limits the time without a sent byte, and the whole time of the close. */
final class CloseDeadline {
    /*
     * Invariant: at most a single alarm is set. An alarm that rings too early is set again for the remaining time.
     */

    /** The limit of the whole close, as a multiple of the limit without a sent byte. */
    static final int WHOLE = 12;

    private final ConnectionEnd end;
    private final long limit;
    private final long begun;

    // written by the threads that send, read by the alarm on the loop
    private volatile long since;

    // guarded by this
    private @Nullable Future<?> alarm;
    private boolean stopped;

    /**
     * Begins a close now.
     *
     * @param limit nanoseconds without a sent byte after which the close ends
     */
    CloseDeadline(ConnectionEnd end, long limit) {
        this.end = end;
        this.limit = limit;
        this.begun = now();
        this.since = begun;
    }

    private long now() {
        return end.connection.engine().clock().nanoTime();
    }

    /** Notes that a byte was sent. */
    void progress() {
        since = now();
    }

    /** Sets the alarm, unless this deadline has been stopped. */
    synchronized void arm() {
        if (!stopped) {
            Connection connection = end.connection;
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
            end.connection.unwatched(e);
        }
    }

    private long whole() {
        return limit > Long.MAX_VALUE / WHOLE ? Long.MAX_VALUE : WHOLE * limit;
    }

    /** Returns the nanoseconds until the earlier of both limits; 0 or less if the deadline has passed. */
    private long left(long now) {
        return Math.min(limit - (now - since), whole() - (now - begun));
    }

    private void ring() {
        long now = now();
        if (left(now) > 0) {
            armAgain();
        } else if (now - since >= limit) {
            end.closeLate(": close: no byte left", limit);
        } else {
            end.closeLate(": close did not come to an end", whole());
        }
    }
}
