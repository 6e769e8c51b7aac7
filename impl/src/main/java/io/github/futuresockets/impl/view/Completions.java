package io.github.futuresockets.impl.view;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The steps with user code, which a view has to do outside its drain. Not thread-safe.
 *
 * <p>Futures are completed in their order, by several threads at a time if a dependent blocks. Messages are handed over
 * one after the other, because the user has a single handler.
 */
final class Completions {
    /** The number of waiting steps of a kind from which on no further message is read. */
    private static final int MOST = 2;

    private final ArrayDeque<Runnable> futures = new ArrayDeque<>(1);
    private final ArrayDeque<Runnable> messages = new ArrayDeque<>(1);

    /** True from the {@link #next} of a message until {@link #handled}. */
    private boolean handling;

    /** Adds the completion of a future. */
    void add(Runnable future) {
        futures.add(future);
    }

    /** Adds the call of the handler for a message. The call ends with {@link #handled}. */
    void addMessage(Runnable message) {
        messages.add(message);
    }

    /** Ends the call of the handler. */
    void handled() {
        handling = false;
    }

    /** Removes and returns the next step, or null if there is none now. */
    @Nullable Runnable next() {
        Runnable next = futures.poll();
        if (next == null && !handling) {
            next = messages.poll();
            handling = next != null;
        }
        return next;
    }

    /** Returns true if {@link #next} would return a step. */
    boolean hasNext() {
        return !futures.isEmpty() || !handling && !messages.isEmpty();
    }

    /** Returns true if the next read has to wait for a step. */
    boolean isFull() {
        return futures.size() >= MOST || messages.size() >= MOST;
    }
}
