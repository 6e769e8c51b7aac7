package io.github.futuresockets.future;

import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The future of an operation, and the superclass of all futures derived from an operation. The contract in {@link
 * io.github.futuresockets} describes failures (clause 1), cancellation and time-outs (clause 5), dependents (clause 10)
 * and stack use (clause 11).
 *
 * <p>A subclass implements an operation. {@link #withdraw} takes the operation back. {@link #deliver} and {@link
 * #deliverFailure} complete the future. {@code obtrudeValue} and {@code obtrudeException} throw {@code
 * UnsupportedOperationException}.
 *
 * @param <T> the type of the result
 */
public class OperationFuture<T> extends StageMethods<T> {
    /**
     * The sockets of the operation, or null. A composition of stages of other classes only has no context. Once set,
     * the context stays the same. A racing reader may still see null.
     */
    @Nullable IoContext context;

    /**
     * Creates a pending future.
     *
     * @param context the sockets of the future, or null if there are none
     */
    protected OperationFuture(@Nullable IoContext context) {
        this.context = context;
    }

    /**
     * Returns a failed future.
     *
     * @param <T> the type of the result
     * @param context the sockets of the future, or null if there are none
     * @param failure the failure
     * @return a future with the failure
     */
    public static <T> OperationFuture<T> failed(@Nullable IoContext context, Throwable failure) {
        OperationFuture<T> future = new OperationFuture<>(context);
        future.deliverFailure(failure);
        return future;
    }

    /**
     * Returns a failure without the wrapper that a stage of another class adds.
     *
     * @param failure a failure as a dependent received it
     * @return the cause of a {@link CompletionException}, and any other failure as passed
     */
    public static Throwable bare(Throwable failure) {
        return unwrap(failure);
    }

    /**
     * Returns true if a stage is known to be complete, so that {@code join} of the stage returns at once. The minimal
     * stages of the JDK tell nothing, and never count as complete.
     *
     * @param stage any stage
     * @return true only for a complete {@link CompletableFuture}
     */
    public static boolean isComplete(CompletionStage<?> stage) {
        try {
            return stage instanceof CompletableFuture<?> future && future.isDone();
        } catch (UnsupportedOperationException minimal) {
            return false;
        }
    }

    /**
     * Returns the sockets of a stage. If the stage was derived before its source had a context, returns the context of
     * the operation for which the stage waits now.
     *
     * @param stage any stage, or null
     * @return the context, or null if the stage has none
     */
    public static @Nullable IoContext contextOf(@Nullable CompletionStage<?> stage) {
        OperationFuture<?> future = stage instanceof OperationFuture<?> own ? own : null;
        while (future != null && future.context == null) {
            future = future instanceof Stage<?> derived ? derived.awaited() : null;
        }
        return future == null ? null : future.context;
    }

    /**
     * Gives a composition the context of a stage for which the composition waits. Does nothing if the composition has a
     * context.
     *
     * @param stage any stage
     */
    protected final void belongTo(CompletionStage<?> stage) {
        if (context == null) {
            context = contextOf(stage);
        }
    }

    /**
     * Takes the operation back, on behalf of a canceller or a time-out. May wait for a system call of the operation in
     * progress, and for nothing else.
     *
     * @return true if the operation has no further effect and delivers no result, false if the result is being
     *     delivered
     */
    protected boolean withdraw() {
        return true;
    }

    /**
     * Returns the text for the operation in messages.
     *
     * @return operation and peer, such as {@code "readLine from /127.0.0.1:80"}
     */
    protected String describe() {
        return "future";
    }

    /**
     * Returns the text for a stage in messages.
     *
     * @param stage any stage
     * @return operation and peer for a future of this library, otherwise the stage as a string
     */
    public static String nameOf(CompletionStage<?> stage) {
        return stage instanceof OperationFuture<?> own ? own.describe() : stage.toString();
    }

    /**
     * Completes the future with the result of the operation, without a withdrawal.
     *
     * @param value the result
     * @return false if the future was done already
     */
    protected final boolean deliver(@Nullable T value) {
        return settle(value, null);
    }

    /**
     * Completes the future with a failure of the operation, without a withdrawal.
     *
     * @param failure the failure
     * @return false if the future was done already
     */
    protected final boolean deliverFailure(Throwable failure) {
        return settle(null, failure);
    }

    /**
     * Calls an action when the future is done. Unlike a dependent, the action is no waiter. If the last waiter is
     * cancelled, the operation is withdrawn in spite of the action.
     *
     * @param action receives the failure, or null after a success; must neither block nor throw
     */
    protected final void whenSettled(Consumer<? super @Nullable Throwable> action) {
        derive(new Stages.Aside(), action, null);
    }

    @Override
    public boolean complete(@Nullable T value) {
        return end(value, null);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return end(null, Objects.requireNonNull(failure, "failure"));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!isSettled()) {
            end(null, new CancellationException(describe() + " was cancelled"));
        }
        return isCancelled();
    }

    /** Withdraws the operation and then completes the future, so that a thread with the result can go on at once. */
    boolean end(@Nullable T value, @Nullable Throwable failure) {
        return !isSettled() && withdraw() && settle(value, failure);
    }

    @Override
    final <U> OperationFuture<U> derive(Stage<U> child, Object fn, @Nullable Executor executor) {
        if (!push(child.on(this, fn, executor))) {
            run(child.take());
        }
        return child;
    }

    /** Completes the future of a withdrawn operation. */
    final void endUnawaited() {
        settle(null, new CancellationException(describe() + " was withdrawn: nobody waits for it any more"));
    }

    @Override
    public T join() {
        refuseToWaitOnIoThread();
        return super.join();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        refuseToWaitOnIoThread();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        refuseToWaitOnIoThread();
        return super.get(timeout, unit);
    }

    /** Returns the operation for which this future waits, through other stages, or null if there is none. */
    @Nullable OperationFuture<?> operation() {
        return this;
    }

    private void refuseToWaitOnIoThread() {
        if (!isDone() && operation() instanceof Coalesced delayed) {
            delayed.flush();
        }
        IoContext here = isDone() ? null : contextOf(this);
        if (here != null && here.onIoThread()) {
            throw new IllegalStateException(
                    "Waiting on I/O thread " + Thread.currentThread().getName() + " for "
                            + describe() + ", which this very thread has to complete, would never end:"
                            + " compose the futures, or give the AsyncSockets an executor");
        }
    }

    @Override
    public OperationFuture<T> orTimeout(long timeout, TimeUnit unit) {
        return failAfter(
                timeout,
                unit,
                () -> new TimeoutException(describe() + ": not done after " + timeout + " "
                        + unit.toString().toLowerCase(Locale.ROOT)));
    }

    /**
     * Fails the future after a time-out, like {@link #orTimeout}, with a failure of choice.
     *
     * @param timeout the time until the failure, unless the future is done by then
     * @param unit the unit of {@code timeout}
     * @param failure creates the failure when the time-out expires
     * @return this future
     */
    public final OperationFuture<T> failAfter(long timeout, TimeUnit unit, Supplier<? extends Throwable> failure) {
        return after(timeout, unit, () -> completeExceptionally(failure.get()));
    }

    @Override
    public OperationFuture<T> completeOnTimeout(@Nullable T value, long timeout, TimeUnit unit) {
        return after(timeout, unit, () -> complete(value));
    }

    private OperationFuture<T> after(long timeout, TimeUnit unit, Runnable action) {
        Objects.requireNonNull(unit, "unit");
        if (!isDone()) {
            try {
                Future<?> alarm = alarm(timeout, unit, action);
                whenSettled(failure -> alarm.cancel(false));
            } catch (Throwable noAlarm) {
                completeExceptionally(noAlarm);
            }
        }
        return this;
    }

    /** Schedules a task on the clock of the context or, without a context, on the timer of the JDK's futures. */
    private Future<?> alarm(long timeout, TimeUnit unit, Runnable action) {
        IoContext here = contextOf(this);
        if (here != null) {
            return here.schedule(action, unit.toNanos(timeout));
        }
        CompletableFuture<Void> timer = new CompletableFuture<Void>().completeOnTimeout(null, timeout, unit);
        timer.thenRun(action);
        return timer;
    }

    @Override
    public OperationFuture<T> copy() {
        return derive(new DetachedStages.Copy<>(), Stage.RELAY, null);
    }

    @Override
    public CompletionStage<T> minimalCompletionStage() {
        return derive(new DetachedStages.Minimal<>(), Stage.RELAY, null);
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new DetachedStages.Detached<>(contextOf(this));
    }

    @Override
    public Executor defaultExecutor() {
        IoContext here = contextOf(this);
        return here == null ? super.defaultExecutor() : here.defaultExecutor();
    }

    @Override
    public String toString() {
        String state = !isSettled() ? "pending" : failure() == null ? "done" : "failed: " + failure();
        return describe() + " [" + state + "]";
    }
}
