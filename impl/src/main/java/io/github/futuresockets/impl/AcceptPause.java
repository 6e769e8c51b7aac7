package io.github.futuresockets.impl;

import java.util.concurrent.TimeUnit;

/** How long nothing is accepted because that has failed, and how often it has. Guarded by the monitor of its {@link AcceptQueue}. */
final class AcceptPause {
    static final long FIRST = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);
    private static final long BETWEEN_LOGS = TimeUnit.MINUTES.toNanos(1);

    private boolean on;
    private long length;
    private int failures;
    private long logged;

    boolean isOn() {
        return on;
    }

    /** Whether the last attempt has failed. */
    boolean isFailing() {
        return length > 0;
    }

    /** Begins one, and says how long it is: twice as long as the last. */
    long begin() {
        on = true;
        length = length == 0 ? FIRST : Math.min(2 * length, LONGEST);
        failures++;
        return length;
    }

    void end() {
        on = false;
    }

    /** The next one is a short one. */
    void succeeded() {
        length = 0;
    }

    /** How many failures should be told of now. */
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
