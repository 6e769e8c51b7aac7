package io.github.futuresockets.impl.view;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The free places of a bounded queue, and the waiters for a place. Not thread-safe.
 *
 * <p>Each waiter is promised a place of its own, so that a single free place does not wake all waiters.
 */
final class Places {
    /*
     * `promised` counts the places given to waiters and not yet taken. The owner of a promise may give up, and a
     * promise is therefore void as soon as the queue is empty. So a lost promise delays a waiter, and for no longer
     * than until the queue is empty.
     */
    private final int limit;
    private final Set<Signal> waiters = new LinkedHashSet<>(2);
    private int promised;

    /** Makes an empty queue with a maximum number of elements. */
    Places(int limit) {
        this.limit = limit;
    }

    /** Takes a place for a new element. Returns false without a free place. */
    boolean take(int size) {
        if (size >= limit) {
            return false;
        }
        promised = Math.max(0, promised - 1);
        return true;
    }

    /** Promises a place. Without a place, the future joins the waiters, and false is returned. */
    boolean promise(int size, Signal waiter) {
        boolean free = isFree(size);
        if (free) {
            promised++;
        } else {
            waiters.add(waiter);
        }
        return free;
    }

    /** Promises the free places to the first waiters. Called after each removal from the queue. */
    void offer(int size, Completions completions) {
        for (Iterator<Signal> all = waiters.iterator(); all.hasNext() && isFree(size); promised++) {
            completions.add(all.next());
            all.remove();
        }
    }

    private boolean isFree(int size) {
        promised = size == 0 ? 0 : promised;
        return size + promised < limit;
    }

    void remove(Signal waiter) {
        waiters.remove(waiter);
    }

    /** Fails all waiters. */
    void fail(Throwable cause, Completions completions) {
        for (Signal each : waiters) {
            each.cause = cause;
            completions.add(each);
        }
        waiters.clear();
    }
}
