package io.github.futuresockets.future;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A future derived from another future. The object is both the result and the node among the dependents of the source.
 */
abstract class Stage<T> extends OperationFuture<T> {
    /*
     * `upstream` is the future for which this stage waits. Transition: source -> inner future of a composing stage ->
     * null. When the stage is done, the field is null, so that a chain of completed futures retains nothing.
     *
     * `next` belongs to the thread that pushes or runs the stage.
     *
     * `work` is the function, an Async with function and executor, RELAY, or the awaited stage of another class.
     * Written before the push that publishes the stage to another thread.
     */
    private static final VarHandle UPSTREAM;

    static {
        try {
            UPSTREAM = MethodHandles.lookup().findVarHandle(Stage.class, "upstream", OperationFuture.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The work of a stage that passes the outcome of its upstream on. */
    static final Object RELAY = new Object();

    record Async(Object work, Executor executor) {}

    @Nullable Stage<?> next;

    private @Nullable OperationFuture<?> upstream;
    private @Nullable Object work;

    /** Creates a stage without a source, so that a kind of stage needs no constructor. */
    Stage() {
        super(null);
    }

    /** Sets the source and the function. Precedes the push that publishes the stage. */
    final Stage<T> on(OperationFuture<?> source, Object function, @Nullable Executor executor) {
        Objects.requireNonNull(function, "function");
        context = source.context;
        upstream = source;
        work = executor == null ? function : new Async(function, executor);
        return this;
    }

    /**
     * Returns true if the function accepts the outcome. Otherwise the stage passes the outcome on, without its
     * executor.
     */
    boolean isFor(@Nullable Throwable failure) {
        return failure == null;
    }

    /** Applies the function to the outcome of the upstream. Ends in {@link #done} or {@link #relay}, or throws. */
    @Nullable abstract Stage<?> apply(Object work, @Nullable Object value, @Nullable Throwable failure) throws Throwable;

    /** Receives the outcome of the upstream, which must be done, and returns the dependents to run. */
    final @Nullable Stage<?> take() {
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
        if (!(todo instanceof Async async)) {
            return attempt(todo, value, failure);
        }
        try {
            async.executor.execute(() -> run(isSettled() ? null : attempt(async.work, value, failure)));
            return null;
        } catch (Throwable rejected) {
            return done(null, rejected);
        }
    }

    private @Nullable Stage<?> attempt(Object todo, @Nullable Object value, @Nullable Throwable failure) {
        try {
            return apply(todo, value, failure);
        } catch (Throwable e) {
            return done(null, e);
        }
    }

    /**
     * Completes the stage and returns the dependents to run. A stage counts as cancelled only after its own
     * cancellation. The cancellation of another future arrives here as a failure, within a {@code CompletionException}.
     */
    @SuppressWarnings("unchecked")
    final @Nullable Stage<?> done(@Nullable Object value, @Nullable Throwable failure) {
        boolean handedOn = failure instanceof CancellationException;
        boolean won = set((T) value, handedOn ? new CompletionException(failure) : failure);
        forget();
        return won ? close(failure) : null;
    }

    /** Clears the references of a stage without further work. Called by the thread that does the work. */
    void forget() {
        upstream = null;
        work = null;
    }

    /** Removes the stage, done early, from its sources. Afterwards neither retains the other. */
    void letGo() {
        leave();
    }

    /**
     * Reports the early end to the upstream, and clears the upstream. If a running function sets an inner future
     * meanwhile, the thread of the function cleans up (see {@link Abandonment#afterRelay}).
     */
    final void leave() {
        OperationFuture<?> source = source();
        if (source != null) {
            source.died();
            if (UPSTREAM.compareAndSet(this, source, null)) {
                work = null;
            }
        }
    }

    /** Returns true if the stage has no use for the outcome of its source. */
    boolean isOver() {
        return isSettled();
    }

    /** Makes the stage wait for {@code stage}, and returns the dependents to run. */
    final @Nullable Stage<?> relay(CompletionStage<?> stage) {
        CompletableFuture<?> inner = stage.toCompletableFuture();
        if (inner instanceof OperationFuture<?> operation) {
            work = RELAY;
            UPSTREAM.setVolatile(this, operation);
            if (!operation.push(this)) {
                return take();
            }
            Abandonment.afterRelay(this, operation);
            return null;
        }
        upstream = null;
        if (!inner.isDone()) {
            work = inner;
            inner.whenComplete((value, failure) -> Trampoline.run(() -> done(value, failure)));
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
        return !isSettled() && Abandonment.end(this, value, failure);
    }

    /** Returns the upstream, or null if the stage waits for no future of this library. */
    final @Nullable OperationFuture<?> source() {
        return (OperationFuture<?>) UPSTREAM.getVolatile(this);
    }

    /** Returns the dependent of the second source, or null if there is no such source. */
    @Nullable Stage<?> otherSide() {
        return null;
    }

    /** Returns the future on whose behalf the stage waits, or null if the stage is no waiter. */
    @Nullable Stage<?> follower() {
        return this;
    }

    /** Returns the work, or null after the end. */
    final @Nullable Object work() {
        return work;
    }

    /** Returns the future for which the stage waits now. With two sources, returns the first that is pending. */
    @Nullable OperationFuture<?> awaited() {
        return source();
    }

    @Override
    final @Nullable OperationFuture<?> operation() {
        OperationFuture<?> source = awaited();
        while (source instanceof Stage<?> stage) {
            source = stage.awaited();
        }
        return source;
    }

    @Override
    protected String describe() {
        OperationFuture<?> operation = operation();
        if (operation != null) {
            return operation.describe();
        }
        Object foreign = work;
        return foreign instanceof CompletionStage<?> ? "stage of " + foreign : "stage";
    }
}
