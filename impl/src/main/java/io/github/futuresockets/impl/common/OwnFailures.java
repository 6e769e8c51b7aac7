package io.github.futuresockets.impl.common;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The last four failures of the operations of a connection. If a handler fails with such a failure, the failure is the
 * end of the connection and not a defect of the handler. Thread-safe.
 */
public final class OwnFailures {
    private static final int MAX = 4;
    private static final int MOST_CAUSES = 16;

    // guarded by this
    private final Deque<Throwable> last = new ArrayDeque<>(MAX);

    /** Adds a failure, and drops the oldest of four. */
    public synchronized void add(Throwable failure) {
        if (last.size() == MAX) {
            last.removeFirst();
        }
        last.addLast(failure);
    }

    /** Returns true if the failure or a cause of the failure was added here. */
    public synchronized boolean include(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            for (Throwable each : last) {
                if (each == cause) {
                    return true;
                }
            }
            cause = cause.getCause();
        }
        return false;
    }
}
