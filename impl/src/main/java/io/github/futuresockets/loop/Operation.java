package io.github.futuresockets.loop;

import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The place on a channel for the one operation of its kind that may be outstanding: a read, a write, a connect, an accept. */
abstract class Operation<V> {
    /*
     * All fields are guarded by this object's monitor, and so is `perform`, which makes a system call that does not wait. The
     * place is taken by `begin`; whoever ends the operation, be it success, failure, time-out, cancel or close, frees it in the
     * same step in which it takes the handler out, so an operation ends once, and nothing of it is kept. The handler is called
     * and the future completed behind that, under no lock, so that they can begin the next.
     *
     * An operation that is cancelled or late has not been performed: nothing was read into its buffer, and nothing will be.
     */
    private final SelectorLoop loop;
    private boolean pending;
    private int serial;
    private @Nullable CompletionHandler<V, Object> handler;
    private @Nullable Object attachment;
    private @Nullable PendingFuture<V> future;
    private Timers.@Nullable Timer timer;

    Operation(SelectorLoop loop) {
        this.loop = loop;
    }

    /** What {@link #perform} has brought. */
    protected @Nullable V result;

    /** Tries; false if it has to wait, and then it has asked to be told. Under the monitor. */
    abstract boolean perform() throws Exception;

    /** Forgets what belongs to the operation that was. Under the monitor. */
    void clear() {}

    /** What a second one fails with. */
    abstract RuntimeException alreadyPending();

    /** Its future has been cancelled: the operation has not taken place. */
    abstract void cancelled(boolean mayInterrupt);

    /** What a failure looks like to the user. */
    Throwable explain(Throwable failure) {
        return failure;
    }

    /** Takes the place. Under the monitor, which the caller holds until what {@link #perform} needs is set. */
    @SuppressWarnings("unchecked")
    final <A> @Nullable PendingFuture<V> begin(@Nullable CompletionHandler<V, ? super A> to, @Nullable A with) {
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

    /** Which operation of this place is the last that has begun. Under the monitor. */
    final int serial() {
        return serial;
    }

    /** Ends the operation if it takes so long. Under the monitor. */
    private void limit(long timeout, TimeUnit unit) {
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

    /** It is over; under no lock, before its outcome is told. */
    void ended(@Nullable Throwable failure) {}

    /** Goes on with it, if there is one; returns whether that has ended it. */
    final boolean attempt() {
        return attempt(0, 0, TimeUnit.NANOSECONDS);
    }

    /**
     * Goes on with it, if there is one; returns whether that has ended it.
     *
     * @param begun the operation that has just begun and has a time-out, if it has to wait
     * @param timeout 0 or less: none
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

    /** Ends it, if there is one, and if it is still the one that {@code expiry} belongs to. */
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

    /** Ends it, if there is one; its handler is called later. */
    final void fail(Throwable failure) {
        end(null, failure);
    }

    /** Takes the operation of that future out; true for the one caller who then cancels the future. */
    final synchronized boolean withdraw(PendingFuture<V> of) {
        boolean mine = pending && future == of;
        if (mine) {
            free();
        }
        return mine;
    }

    /** Gives the place back. Under the monitor. */
    final void free() {
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
     * The current thread is about to wait for the outcome.
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

    /** The outcome of an operation that could not be begun. */
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
