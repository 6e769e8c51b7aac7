package io.github.futuresockets.future;

import org.jspecify.annotations.Nullable;

/**
 * An operation that may be delayed, so that a single system call performs several operations of a queue. A delayed
 * operation ends without further help of its caller.
 */
public interface Coalesced {
    /**
     * Returns the queue of the operation while the operation is delayed. The operations of a queue end in the order of
     * their start. A caller that starts operations one by one need not wait for a delayed operation.
     *
     * @return the same object for all operations of the queue, or null if a caller has to wait for the end
     */
    @Nullable Object queue();

    /** Performs the delayed operations of the queue now, because a thread is about to wait for a result. */
    void flush();
}
