package io.github.futuresockets.impl;

import java.util.concurrent.CompletableFuture;

/**
 * How many operations of a connection in a row were complete on return. After so many the next one is left to the loop, so
 * that a recursion over them ends.
 *
 * <p>It has ended when an operation that is completed later finds a dependent: one that is completed before its caller has
 * hung anything on it lets the recursion go on. A hint: races do no harm.
 */
final class Streak {
    private static final int LIMIT = 32;

    private int count;

    boolean isTooLong() {
        return count >= LIMIT;
    }

    /** An operation returns. */
    void returned(CompletableFuture<?> operation) {
        if (operation.isDone()) {
            count++;
        }
    }

    /** An operation that was pending on return is about to be completed. */
    void completing(CompletableFuture<?> operation) {
        if (count != 0 && operation.getNumberOfDependents() > 0) {
            count = 0;
        }
    }

    /** Runs a task on the loop, later. From its own thread that is after the caller has returned: the recursion ends. */
    void end(Loop loop, Runnable task) {
        if (loop.inLoop()) {
            count = 0;
        }
        loop.execute(task);
    }

    /** The caller goes on after it has returned from what it does now. */
    void end() {
        count = 0;
    }
}
