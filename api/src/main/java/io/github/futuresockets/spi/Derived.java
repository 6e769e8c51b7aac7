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
     *
     * Withdrawing: a canceller (1) looks whether anybody else waits for the source and, if not, withdraws the operation,
     * (2) sets its own result, (3) looks again if it has withdrawn nothing, (4) completes the withdrawn operation. Step 1
     * comes before 2 so that whoever sees the end of this future may issue the next operation. Two siblings cancelled at
     * once may both find the other one waiting in step 1; the later of the two finds nobody in step 3. A composing stage
     * publishes its inner future (volatile) and then looks whether it was cancelled; a canceller sets its result
     * (volatile) and then looks for the inner future: one of the two sees the other.
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
            if (isSettled()) {
                endOperation(withdrawSources());
            }
            return null;
        }
        forget();
        if (!inner.isDone()) {
            inner.whenComplete((value, failure) -> run(done(value, failure)));
            return null;
        }
        try {
            return done(inner.join(), null);
        } catch (Throwable e) {
            return done(null, e);
        }
    }

    @Override
    final boolean end(@Nullable T value, @Nullable Throwable failure) {
        if (isSettled()) {
            return false;
        }
        OperationFuture<?> withdrawn = withdrawSources();
        boolean won = settle(value, failure);
        endOperation(withdrawn == null ? withdrawSources() : withdrawn);
        return won;
    }

    /** Withdraws the operation at the source unless somebody else waits on the way there. */
    private @Nullable OperationFuture<?> withdrawSources() {
        Derived<?> waiter = this;
        for (; ; ) {
            waiter.withdrawOther();
            OperationFuture<?> source = (OperationFuture<?>) UPSTREAM.getVolatile(waiter);
            if (waiter instanceof Shields.Shield
                    || source == null
                    || source instanceof Shields.Detached<?>
                    || source.isSettled()
                    || source.isAwaitedBesides(waiter)) {
                return null;
            }
            if (!(source instanceof Derived<?>)) {
                return source.withdraw() ? source : null;
            }
            waiter = (Derived<?>) source;
        }
    }

    private static void endOperation(@Nullable OperationFuture<?> withdrawn) {
        if (withdrawn != null) {
            withdrawn.endUnawaited();
        }
    }

    /** For stages with a second source: nobody waits for that one any more. */
    void withdrawOther() {}

    /** Whether the operation is kept alive by this future. */
    boolean isWaiting() {
        return !isSettled();
    }

    @Override
    protected String describe() {
        OperationFuture<?> source = upstream;
        while (source instanceof Derived<?>) {
            source = ((Derived<?>) source).upstream;
        }
        return source == null ? "stage" : source.describe();
    }
}
