package io.github.futuresockets.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A future made of another one: the node on that one's stack and the result in one object. */
abstract class Derived<T> extends OperationFuture<T> {
    /*
     * `upstream` is what this future waits for: first its source, for the composing stages then the inner future, null
     * once it is done, so that a chain of finished futures retains nothing. `next` belongs to whoever pushes or pops.
     */
    private static final VarHandle UPSTREAM;

    static {
        try {
            UPSTREAM = MethodHandles.lookup().findVarHandle(Derived.class, "upstream", OperationFuture.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The work of a stage that only hands on what its upstream gives. */
    static final Object RELAY = new Object();

    private record Async(Object work, Executor executor) {}

    @Nullable Derived<?> next;

    private @Nullable OperationFuture<?> upstream;
    private @Nullable Object work;

    Derived(OperationFuture<?> source, Object work, @Nullable Executor executor) {
        super(source.context);
        Objects.requireNonNull(work, "function");
        this.upstream = source;
        this.work = executor == null ? work : new Async(work, executor);
    }

    /** Whether there is work for such an outcome, and an executor is needed; it is handed on otherwise. */
    boolean isFor(@Nullable Throwable failure) {
        return failure == null;
    }

    /** What the stage does with the outcome of its upstream. Ends in {@link #done} or {@link #relay}, or throws. */
    @Nullable abstract Derived<?> apply(Object work, @Nullable Object value, @Nullable Throwable failure) throws Throwable;

    /** Takes over the outcome of its upstream, which is done; returns the dependents that this has made ready to run. */
    final @Nullable Derived<?> take() {
        OperationFuture<?> source = upstream;
        Object todo = work;
        if (source == null || todo == null || isSettled()) {
            forget();
            return null;
        }
        Throwable failure = source.failure();
        Object value = failure == null ? source.value() : null;
        if (todo == RELAY || !isFor(failure)) {
            return done(value, failure);
        }
        if (!(todo instanceof Async)) {
            return attempt(todo, value, failure);
        }
        Async async = (Async) todo;
        try {
            async.executor.execute(() -> run(isSettled() ? null : attempt(async.work, value, failure)));
            return null;
        } catch (Throwable rejected) {
            return done(null, rejected);
        }
    }

    private @Nullable Derived<?> attempt(Object todo, @Nullable Object value, @Nullable Throwable failure) {
        try {
            return apply(todo, value, failure);
        } catch (Throwable e) {
            return done(null, e);
        }
    }

    /** Only its own cancellation makes a future cancelled. That of another one, which it hands on, is a failure here. */
    @SuppressWarnings("unchecked")
    final @Nullable Derived<?> done(@Nullable Object value, @Nullable Throwable failure) {
        boolean handedOn = failure instanceof CancellationException;
        boolean won = set((T) value, handedOn ? new CompletionException(failure) : failure);
        forget();
        return won ? close(failure) : null;
    }

    private void forget() {
        upstream = null;
        work = null;
    }

    /** This is over before what it waits for, which need not keep it any longer; nor this that. */
    void letGo() {
        leave();
    }

    /** A function that runs now may just have given this another future to wait for: then the thread that does so looks. */
    final void leave() {
        OperationFuture<?> source = source();
        if (source != null) {
            source.died();
            if (UPSTREAM.compareAndSet(this, source, null)) {
                work = null;
            }
        }
    }

    /** Whether nothing is left to do when its source is done. */
    boolean isOver() {
        return isSettled();
    }

    /** From now on this future waits for {@code stage}. */
    final @Nullable Derived<?> relay(CompletionStage<?> stage) {
        CompletableFuture<?> inner = stage.toCompletableFuture();
        if (inner instanceof OperationFuture<?>) {
            OperationFuture<?> operation = (OperationFuture<?>) inner;
            work = RELAY;
            UPSTREAM.setVolatile(this, operation);
            if (!operation.push(this)) {
                return take();
            }
            Withdrawal.afterRelay(this, operation);
            return null;
        }
        upstream = null;
        if (!inner.isDone()) {
            work = inner;
            inner.whenComplete((value, failure) -> Crossing.run(() -> done(value, failure)));
            return null;
        }
        work = null;
        try {
            return done(inner.join(), null);
        } catch (Throwable e) {
            return done(null, e);
        }
    }

    @Override
    final boolean end(@Nullable T value, @Nullable Throwable failure) {
        return !isSettled() && Withdrawal.end(this, value, failure);
    }

    final @Nullable OperationFuture<?> source() {
        return (OperationFuture<?>) UPSTREAM.getVolatile(this);
    }

    /** What follows the second source, if there is one. */
    @Nullable Derived<?> otherSide() {
        return null;
    }

    /** The future for which this one waits for its source; null if the source need not come for it. */
    @Nullable Derived<?> follower() {
        return this;
    }

    @Override
    protected final void hasten() {
        OperationFuture<?> source = awaited();
        while (source instanceof Derived<?>) {
            source = ((Derived<?>) source).awaited();
        }
        if (source != null) {
            source.hasten();
        }
    }

    /** Whether its function gives it another future to wait for. */
    boolean isComposing() {
        return false;
    }

    /** What it waits for now; of two sources the first that is not done. */
    @Nullable OperationFuture<?> awaited() {
        return source();
    }

    @Override
    protected String describe() {
        OperationFuture<?> source = awaited();
        while (source instanceof Derived<?>) {
            source = ((Derived<?>) source).awaited();
        }
        if (source != null) {
            return source.describe();
        }
        Object foreign = work;
        return foreign instanceof CompletionStage<?> ? "stage of " + foreign : "stage";
    }
}
