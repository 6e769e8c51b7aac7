package io.github.futuresockets.impl.connection;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The futures of all waiters for a condition. Each waiter has its own future. A cancelled future is removed at once.
 *
 * @param <T> the value of the condition
 */
public final class Waiters<T> {
    private final String name;
    private final Object owner;
    // guarded by this, a leaf: nothing is called under it; the reference alone may be read without it
    private volatile @Nullable Set<Watch> waiting;

    /** Makes an empty set of waiters. Name and owner are for messages. */
    public Waiters(String name, Object owner) {
        this.name = name;
        this.owner = owner;
    }

    /** The future of a single waiter, completed by the thread that drained the waiters. */
    public final class Watch extends OperationFuture<T> {
        Watch(@Nullable IoContext context) {
            super(context);
        }

        /** Completes the future. Returns false if the future was complete. */
        public boolean ready(@Nullable T value) {
            return deliver(value);
        }

        boolean failed(Throwable failure) {
            return deliverFailure(failure);
        }

        @Override
        protected boolean withdraw() {
            return remove(this);
        }

        @Override
        protected String describe() {
            return name + " of " + owner;
        }
    }

    /** Makes a future without adding the future to the waiters. */
    public Watch make(@Nullable IoContext context) {
        return new Watch(context);
    }

    /** Adds a future to the waiters. */
    public void add(Watch watch) {
        synchronized (this) {
            Set<Watch> all = waiting;
            if (all == null) {
                waiting = all = new LinkedHashSet<>(2);
            }
            all.add(watch);
        }
    }

    synchronized boolean remove(Watch watch) {
        Set<Watch> all = waiting;
        if (all == null || !all.remove(watch)) {
            return false;
        }
        if (all.isEmpty()) {
            waiting = null;
        }
        return true;
    }

    /** Removes a future and fails the future, unless a drain or a cancel removed the future before. */
    void fail(Watch watch, Throwable failure) {
        if (remove(watch)) {
            watch.failed(failure);
        }
    }

    /** Returns true if there is a waiter. Null stands for no waiters. */
    static boolean some(@Nullable Waiters<?> watches) {
        return watches != null && watches.waiting != null;
    }

    /** Removes and returns all waiters. The caller completes their futures, under no lock. */
    public static <T> Collection<Waiters<T>.Watch> drain(@Nullable Waiters<T> watches) {
        return watches == null ? List.of() : watches.drain();
    }

    private synchronized Collection<Watch> drain() {
        Set<Watch> all = waiting;
        waiting = null;
        return all == null ? List.of() : all;
    }
}
