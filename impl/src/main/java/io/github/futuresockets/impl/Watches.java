package io.github.futuresockets.impl;

import io.github.futuresockets.spi.IoContext;
import io.github.futuresockets.spi.OperationFuture;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The futures of those who wait for one condition, each its own: a cancelled one is gone at once. Its lock is a leaf: nothing
 * is called under it.
 */
final class Watches<T> {
    private final String name;
    private final Object owner;
    private volatile @Nullable Set<Watch> waiting;

    Watches(String name, Object owner) {
        this.name = name;
        this.owner = owner;
    }

    /** Of one caller; completed by whoever drains it. */
    final class Watch extends OperationFuture<T> {
        Watch(@Nullable IoContext context) {
            super(context);
        }

        boolean ready(@Nullable T value) {
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

    /** A future that nobody will complete unless it is added or completed by hand. */
    Watch make(@Nullable IoContext context) {
        return new Watch(context);
    }

    void add(Watch watch) {
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

    /** Fails a watch that waits. */
    void fail(Watch watch, Throwable failure) {
        if (remove(watch)) {
            watch.failed(failure);
        }
    }

    /** Whether anybody waits; null: nobody ever did. */
    static boolean some(@Nullable Watches<?> watches) {
        return watches != null && watches.waiting != null;
    }

    /** Takes all who wait; the caller completes them, under no lock. */
    static <T> List<Watches<T>.Watch> drain(@Nullable Watches<T> watches) {
        return watches == null ? List.of() : watches.drain();
    }

    private synchronized List<Watch> drain() {
        Set<Watch> all = waiting;
        waiting = null;
        return all == null ? List.of() : new ArrayList<>(all);
    }
}
