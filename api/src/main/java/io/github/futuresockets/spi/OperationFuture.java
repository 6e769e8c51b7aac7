package io.github.futuresockets.spi;

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
 * The one future of this library: of an operation, or derived from one. What its cancellation, time-outs, failures and
 * threads mean is said in the contract, {@link io.github.futuresockets}, clauses 1, 5, 10 and 11.
 *
 * <p>Who implements an operation extends it: {@link #withdraw} takes the operation back, {@link #deliver} and
 * {@link #deliverFailure} end it. {@code obtrudeValue} and {@code obtrudeException} are refused.
 *
 * @param <T> the type of the result
 */
public class OperationFuture<T> extends DerivingFuture<T> {
    /** Null for a composition that waits for stages of other classes only. Once set it stays; a race sees it late at worst. */
    @Nullable IoContext context;

    /**
     * A future that is not done.
     *
     * @param context of the sockets that it belongs to; null if there are none
     */
    protected OperationFuture(@Nullable IoContext context) {
        this.context = context;
    }

    /**
     * A future that failed before it began.
     *
     * @param <T> the type of the result
     * @param context of the sockets that it belongs to
     * @param failure why
     * @return a future that is done
     */
    public static <T> OperationFuture<T> failed(@Nullable IoContext context, Throwable failure) {
        OperationFuture<T> future = new OperationFuture<>(context);
        future.deliverFailure(failure);
        return future;
    }

    /**
     * A failure without the wrapper that stages of other classes put around it.
     *
     * @param failure as a dependent got it
     * @return its cause if it is a {@link CompletionException} that has one
     */
    public static Throwable bare(Throwable failure) {
        return unwrap(failure);
    }

    /**
     * The sockets that a stage belongs to, for an operation that is made of others; where it was derived before its source
     * knew, those of the operation for which it waits now.
     *
     * @param stage any stage, or none
     * @return its context; null if it has none
     */
    public static @Nullable IoContext contextOf(@Nullable CompletionStage<?> stage) {
        OperationFuture<?> future = stage instanceof OperationFuture<?> ? (OperationFuture<?>) stage : null;
        while (future != null && future.context == null) {
            future = future instanceof Derived<?> ? ((Derived<?>) future).awaited() : null;
        }
        return future == null ? null : future.context;
    }

    /**
     * Has a composition belong to the sockets of a stage that it waits for, unless it belongs to some already.
     *
     * @param stage any stage
     */
    protected final void belongTo(CompletionStage<?> stage) {
        if (context == null) {
            context = contextOf(stage);
        }
    }

    /**
     * Takes the operation back, on behalf of a canceller or a time-out. May wait for a system call of the operation that
     * is in progress, never longer.
     *
     * @return true if from now on it has no effect and will not be delivered; false if it is being delivered
     */
    protected boolean withdraw() {
        return true;
    }

    /**
     * Where it ends of itself, behind those that came there before it, and needs nothing of its caller any more.
     *
     * @return the same for all of these; null, as here: its end is to be waited for
     */
    protected @Nullable Object place() {
        return null;
    }

    /**
     * {@link #place} of a stage, or null; whoever begins one after the other need not wait for one that has it.
     *
     * @param stage any stage
     * @return its place
     */
    public static @Nullable Object placeOf(CompletionStage<?> stage) {
        return stage instanceof OperationFuture<?> ? ((OperationFuture<?>) stage).place() : null;
    }

    /**
     * Says what this is the future of, for messages.
     *
     * @return operation and peer, as in {@code "readLine from /127.0.0.1:80"}
     */
    protected String describe() {
        return "future";
    }

    /**
     * Says what a stage is of, for messages.
     *
     * @param stage any stage
     * @return operation and peer, if the stage is a future of this library; otherwise what the stage calls itself
     */
    public static String nameOf(CompletionStage<?> stage) {
        return stage instanceof OperationFuture<?> ? ((OperationFuture<?>) stage).describe() : stage.toString();
    }

    /**
     * Ends the operation with its result, for the implementation: no withdrawal.
     *
     * @param value the result
     * @return false if it was done already
     */
    protected final boolean deliver(@Nullable T value) {
        return settle(value, null);
    }

    /**
     * Ends the operation with a failure, for the implementation: no withdrawal.
     *
     * @param failure the failure
     * @return false if it was done already
     */
    protected final boolean deliverFailure(Throwable failure) {
        return settle(null, failure);
    }

    /**
     * Has something done when this is done, for the implementation. Unlike a dependent it does not wait for the result: a
     * cancelled stage withdraws the operation in spite of it.
     *
     * @param action gets the failure, or null; it neither blocks nor throws
     */
    protected final void whenSettled(Consumer<? super @Nullable Throwable> action) {
        derive(new Stages.Aside(this, action));
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

    /** Ends it from outside: takes the operation back first, so that whoever sees the end may go on at once. */
    boolean end(@Nullable T value, @Nullable Throwable failure) {
        return !isSettled() && withdraw() && settle(value, failure);
    }

    @Override
    final <U> OperationFuture<U> derive(Derived<U> child) {
        if (!push(child)) {
            run(child.take());
        }
        return child;
    }

    @Override
    final <U> OperationFuture<U> derive(PairedStages.Pair<U> child) {
        derive((Derived<U>) child);
        child.followOther();
        return child;
    }

    @Override
    final OperationFuture<T> self() {
        return this;
    }

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

    /** Somebody is about to wait for it: what can be done at once need not be waited for. */
    protected void hasten() {}

    private void refuseToWaitOnIoThread() {
        if (!isDone()) {
            hasten();
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
     * {@link #orTimeout} with another failure.
     *
     * @param timeout when it fails, unless it is done by then
     * @param unit of {@code timeout}
     * @param failure makes the failure, if it comes to that
     * @return this
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
                Future<?> alarm = Alarm.set(contextOf(this), action, timeout, unit);
                whenSettled(failure -> alarm.cancel(false));
            } catch (Throwable noAlarm) {
                completeExceptionally(noAlarm);
            }
        }
        return this;
    }

    private Future<?> alarm(long timeout, TimeUnit unit, Runnable action) {
        if (context != null) {
            return context.schedule(action, unit.toNanos(timeout));
        }
        CompletableFuture<Void> timer = new CompletableFuture<Void>().completeOnTimeout(null, timeout, unit);
        timer.thenRun(action);
        return timer;
    }

    @Override
    public OperationFuture<T> copy() {
        return derive(new Shields.Copy<>(this));
    }

    @Override
    public CompletionStage<T> minimalCompletionStage() {
        return derive(new Shields.Minimal<>(this));
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Shields.Detached<>(contextOf(this));
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
