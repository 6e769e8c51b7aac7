package io.github.futuresockets.impl.view;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The end of a conversation, the waiters for the end, and the watch of an idle socket. Not thread-safe.
 *
 * <p>The watch is a {@code readable()} of the socket. The watch is needed only by a view that reads nothing while no
 * call is in progress. The first waiter turns the watch on.
 */
final class EndWatch {
    /*
     * States of the watch:
     * - OFF -> IDLE, with the first waiter.
     * - IDLE -> ARMED, by `arm`. The future of `readable()` is pending, or is about to be.
     * - ARMED -> STALE, by `sent`. From now on bytes may belong to a reply.
     * - ARMED or STALE -> IDLE, by `fired`. The watch may be armed again.
     */
    private enum State {
        OFF,
        IDLE,
        ARMED,
        STALE
    }

    private final Set<Signal> waiters = new LinkedHashSet<>(2);
    private State state = State.OFF;
    private boolean over;
    private @Nullable Throwable cause;

    /** Adds a waiter, and turns the watch on. Returns false after the end. Then the outcome is set in the waiter. */
    boolean add(Signal waiter) {
        if (over) {
            waiter.cause = cause;
            return false;
        }
        state = state == State.OFF ? State.IDLE : state;
        return waiters.add(waiter);
    }

    void remove(Signal waiter) {
        waiters.remove(waiter);
    }

    /** Arms the watch. Returns true if the caller has to call {@code readable()}. For an idle socket. */
    boolean arm() {
        boolean arms = state == State.IDLE;
        state = arms ? State.ARMED : state;
        return arms;
    }

    /** Notes that a request is about to be sent. */
    void sent() {
        state = state == State.ARMED ? State.STALE : state;
    }

    /** Ends the {@code readable()} of the watch. Returns true if no request was sent meanwhile. */
    boolean fired() {
        boolean asArmed = state == State.ARMED;
        state = State.IDLE;
        return asArmed;
    }

    /** Ends the conversation. Only the first end counts. A null cause is a normal end. */
    void end(@Nullable Throwable failure, Completions completions) {
        if (over) {
            return;
        }
        over = true;
        cause = failure;
        for (Signal each : waiters) {
            each.cause = failure;
            completions.add(each);
        }
        waiters.clear();
    }
}
