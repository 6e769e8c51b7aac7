package io.github.futuresockets.loop;

import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The slot of a channel for a kind of operation: read, write, connect or accept. At most one operation of a kind is
 * pending.
 *
 * @param <V> the type of the result
 */
abstract class Operation<V> {
    /*
     * `begin` takes the slot. An operation ends by success, failure, time-out, cancellation or close. Each end takes
     * the handler out and frees the slot in the same step under the lock (`free`). So an operation ends once, and the
     * slot keeps nothing of the operation. Then the handler is called or the future completed, under no lock, so the
     * handler can begin the next operation.
     *
     * Invariant: an operation that was cancelled or has timed out was not performed. Nothing was read into its buffer,
     * and nothing will be.
     *
     * `perform` runs under the lock, and makes a system call that does not wait. Lock order: this, then the locks of
     * TaskQueue, Timers and the selector.
     */
    private final SelectorLoop loop;

    // guarded by this
    private boolean pending;
    private int serial;
    private @Nullable CompletionHandler<V, Object> handler;
    private @Nullable Object attachment;
    private @Nullable PendingFuture<V> future;
    private Timers.@Nullable Timer timer;

    Operation(SelectorLoop loop) {
        this.loop = loop;
    }

    /** The result of {@link #perform}. Guarded by this. */
    protected @Nullable V result;

    /**
     * Attempts the operation. Returns false if the operation must wait, after a request for readiness. Under the lock.
     */
    abstract boolean perform() throws Exception;

    /** Clears the fields of the operation that has ended. Under the lock. */
    void clear() {}

    /** Returns the exception for a start while an operation is pending. */
    abstract RuntimeException alreadyPending();

    /** Called after the future was cancelled. The operation has not taken place. */
    abstract void cancelled(boolean mayInterrupt);

    /** Converts a failure to the exception that the user gets. */
    Throwable explain(Throwable failure) {
        return failure;
    }

    /** Takes the slot. The caller holds the lock until the fields that {@link #perform} needs are set. */
    @SuppressWarnings("unchecked")
    final <A> @Nullable PendingFuture<V> begin(@Nullable CompletionHandler<V, ? super A> to, @Nullable A with) {
        assert Thread.holdsLock(this);
        if (pending) {
            throw alreadyPending();
        }
        PendingFuture<V> made = to == null ? new PendingFuture<>(this) : null;
        pending = true;
        serial++;
        handler = (CompletionHandler<V, Object>) to;
        attachment = with;
        future = made;
        return made;
    }

    /** Returns the number of the last operation of this slot that has begun. Under the lock. */
    final int serial() {
        assert Thread.holdsLock(this);
        return serial;
    }

    /** Sets the time-out of the pending operation. Under the lock. */
    private void limit(long timeout, TimeUnit unit) {
        assert Thread.holdsLock(this);
        Expiry expiry = new Expiry();
        Timers.Timer added = loop.timers().add(unit.toNanos(timeout), expiry);
        expiry.timer = added;
        timer = added;
        if (loop.timers().isSooner(added)) {
            loop.wakeUp();
        }
    }

    private final class Expiry implements Upkeep {
        private Timers.@Nullable Timer timer;

        @Override
        public void run() {
            end(this, new InterruptedByTimeoutException());
        }
    }

    /** Called when an attempt has ended the operation, under no lock, before the outcome is reported. */
    void ended(@Nullable Throwable failure) {}

    /** Attempts the pending operation. Returns true if the attempt has ended the operation. */
    final boolean attempt() {
        return attempt(0, 0, TimeUnit.NANOSECONDS);
    }

    /**
     * Attempts the pending operation. Returns true if the attempt has ended the operation.
     *
     * @param begun the number of the operation that gets the time-out if it must wait
     * @param timeout the time-out, or 0 or less for none
     */
    final boolean attempt(int begun, long timeout, TimeUnit unit) {
        V value = null;
        Throwable failure = null;
        CompletionHandler<V, Object> to;
        Object with;
        PendingFuture<V> promise;
        synchronized (this) {
            if (!pending) {
                return false;
            }
            try {
                if (!perform()) {
                    if (timeout > 0 && serial == begun) {
                        limit(timeout, unit);
                    }
                    return false;
                }
                value = result;
            } catch (Throwable e) {
                failure = explain(e);
            }
            to = handler;
            with = attachment;
            promise = future;
            free();
        }
        try {
            ended(failure);
        } finally {
            complete(to, with, promise, value, failure, true);
        }
        return true;
    }

    /**
     * Ends the pending operation with a failure. With an {@code expiry}, only if the expiry belongs to the operation.
     */
    private void end(@Nullable Expiry expiry, Throwable failure) {
        CompletionHandler<V, Object> to;
        Object with;
        PendingFuture<V> promise;
        synchronized (this) {
            if (!pending || (expiry != null && expiry.timer != timer)) {
                return;
            }
            to = handler;
            with = attachment;
            promise = future;
            free();
        }
        complete(to, with, promise, null, failure, expiry != null);
    }

    /** Ends the pending operation with a failure, if there is one. The loop calls the handler later. */
    final void fail(Throwable failure) {
        end(null, failure);
    }

    /** Ends the operation of a future. Returns true once, to the caller that then cancels the future. */
    final synchronized boolean withdraw(PendingFuture<V> of) {
        boolean mine = pending && future == of;
        if (mine) {
            free();
        }
        return mine;
    }

    /** Frees the slot and removes the time-out. Under the lock. */
    final void free() {
        assert Thread.holdsLock(this);
        pending = false;
        handler = null;
        attachment = null;
        future = null;
        result = null;
        if (timer != null) {
            loop.timers().remove(timer);
            timer = null;
        }
        clear();
    }

    final synchronized boolean isPending() {
        return pending;
    }

    /**
     * Called before the current thread waits for the outcome.
     *
     * @throws IllegalStateException if the wait would last for ever
     */
    final void waiting() {
        loop.waiting();
    }

    private void complete(
            @Nullable CompletionHandler<V, Object> to,
            @Nullable Object with,
            @Nullable PendingFuture<V> promise,
            @Nullable V value,
            @Nullable Throwable failure,
            boolean now) {
        if (promise != null) {
            promise.complete(value, failure);
        } else if (to != null) {
            loop.group().complete(loop, new Completion<>(to, with, value, failure), now);
        }
    }

    /** Reports the failure of an operation that could not begin. Returns a failed future if there is no handler. */
    final <A> @Nullable Future<V> refused(
            @Nullable CompletionHandler<V, ? super A> to, @Nullable A with, Throwable failure) {
        if (to != null && loop.group().isTerminated()) {
            throw new ShutdownChannelGroupException();
        }
        if (to != null) {
            loop.group().complete(loop, new Completion<>(to, with, null, failure), true);
            return null;
        }
        PendingFuture<V> done = new PendingFuture<>(this);
        done.complete(null, failure);
        return done;
    }
}
