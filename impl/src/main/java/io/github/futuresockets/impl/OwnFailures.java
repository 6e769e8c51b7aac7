package io.github.futuresockets.impl;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last failures that operations of one connection have ended with: a handler that fails with one of these has seen its connection end. */
final class OwnFailures {
    private static final int MOST = 4;
    private static final int MOST_CAUSES = 16;

    private final Deque<Throwable> last = new ArrayDeque<>(MOST);

    synchronized void add(Throwable failure) {
        if (last.size() == MOST) {
            last.removeFirst();
        }
        last.addLast(failure);
    }

    /** Whether that is one of these, or caused by one. */
    synchronized boolean include(Throwable failure) {
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
