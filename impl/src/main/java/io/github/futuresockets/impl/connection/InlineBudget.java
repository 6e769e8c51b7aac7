package io.github.futuresockets.impl.connection;

import io.github.futuresockets.impl.transport.IoLoop;
import java.util.concurrent.CompletableFuture;

/**
 * The inline budget of a connection: the operations in a row that may be complete on return.
 *
 * <p>When the budget is spent, the loop completes the next operation, so that a recursion over operations ends. The
 * budget is refilled when an operation that was pending on return completes and has a dependent. Without a dependent
 * its caller may still be inside the recursion.
 *
 * <p><b>Concurrency.</b> Any thread may call any method. Because the count is a hint, races on the count are harmless.
 */
final class InlineBudget {
    /** The most operations in a row that are complete on return. */
    static final int LIMIT = 32;

    /** The operations in a row that were complete on return, at most LIMIT. */
    private int streak;

    /** Returns true if the loop has to complete the next operation. */
    boolean isSpent() {
        return streak >= LIMIT;
    }

    /** Counts an operation that returns to its caller, if the operation is complete. */
    void returns(CompletableFuture<?> operation) {
        if (streak < LIMIT && operation.isDone()) {
            streak++;
        }
    }

    /** Refills the budget if an operation has a dependent. Called before a later completion of the operation. */
    void completesLater(CompletableFuture<?> operation) {
        if (streak != 0 && operation.getNumberOfDependents() > 0) {
            streak = 0;
        }
    }

    /** Refills the budget for a caller that continues after its current callback has returned. */
    void refill() {
        streak = 0;
    }

    /**
     * Runs a task on the loop, later. If the caller is the loop, the task runs after the caller has returned. The
     * recursion has then ended, and the budget is refilled.
     */
    void defer(IoLoop loop, Runnable task) {
        if (loop.defer(task)) {
            refill();
        }
    }
}
