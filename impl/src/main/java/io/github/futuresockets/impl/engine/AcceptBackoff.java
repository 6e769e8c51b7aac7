package io.github.futuresockets.impl.engine;

import java.util.concurrent.TimeUnit;

/** The pauses of a listener after failed accepts: 5 ms at first, doubled with each failure up to 1 s. */
final class AcceptBackoff {
    static final long FIRST = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long MAX_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long BETWEEN_LOGS = TimeUnit.MINUTES.toNanos(1);

    // guarded by the monitor of the ConnectionSource
    private boolean on;

    /** The length of the last pause, in nanoseconds. 0 if the last accept has succeeded. */
    private long length;

    /** The number of failures since the last log entry. */
    private int failures;

    /** The {@link System#nanoTime} of the last log entry, or 0. */
    private long logged;

    /** Returns true during a pause. */
    boolean isOn() {
        return on;
    }

    /** Returns true if an accept has failed, and no accept has succeeded since. */
    boolean isFailing() {
        return length > 0;
    }

    /** Begins a pause and counts a failure. Returns the length of the pause in nanoseconds. */
    long begin() {
        on = true;
        length = length == 0 ? FIRST : Math.min(2 * length, MAX_PAUSE);
        failures++;
        return length;
    }

    /** Ends the pause. The next pause is longer unless {@link #succeeded} is called before. */
    void end() {
        on = false;
    }

    /** Resets the length of the next pause to 5 ms. */
    void succeeded() {
        length = 0;
    }

    /**
     * Returns the number of failures to log now, and resets the number. Returns 0 within a minute of the last log
     * entry.
     */
    int takeUnlogged() {
        if (logged != 0 && System.nanoTime() - logged <= BETWEEN_LOGS) {
            return 0;
        }
        logged = System.nanoTime();
        int count = failures;
        failures = 0;
        return count;
    }
}
