package io.github.futuresockets.compose;

import io.github.futuresockets.future.Coalesced;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The future of a composition that waits for a single stage at a time, in constant stack and memory for any number of
 * stages. Fails with the first failure of a stage. A cancel cancels the stage in progress.
 */
public abstract class StageLoop extends OperationFuture<Void> {
    /*
     * A single thread at a time drives the loop. A driver is a caller of `follow`, and later the thread that completes
     * the awaited stage.
     *
     * Arrival. The driver registers the callback `arrival`, and `phase` then decides which thread goes on:
     * - CALLING -> ARRIVED, by the callback. The driver takes the outcome and goes on.
     * - CALLING -> WAITING, by the driver. The driver returns, and the callback becomes the driver.
     * `value` and `failure` are written before the transition and read after the transition.
     *
     * Cancel. `withdraw` cancels the slot `current`. A stage that is done or passed never becomes `current`. If the
     * slot is cancelled by then, the driver cancels such a stage. After a cancel, the driver leaves the result to the
     * canceller. A stage that can no longer be cancelled has had its effect, and the loop receives its value.
     *
     * Pass. A stage with a queue (Coalesced) is passed: the next turn begins without a wait. All passed stages of a
     * queue are done when the last of them is done. Therefore `passed` is the last passed stage, and the end of the
     * loop waits for `passed`. A stage with another queue is passed only if `passed` is done.
     */
    private static final int CALLING = 0;
    private static final int WAITING = 1;
    private static final int ARRIVED = 2;

    /** The outcome of {@link #follow} while the stage is incomplete. */
    protected static final Object PENDING = new Object();

    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(StageLoop.class, "phase", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BiConsumer<Object, Throwable> arrival = this::arrived;
    // Set by the driver, cancelled by any thread.
    private final CancelSlot<CompletionStage<?>> current = CancelSlot.ofStage();

    // Shared by the driver and the callback. Ordered by phase: value, failure.
    private volatile int phase;
    private @Nullable Object value;
    private @Nullable Throwable failure;

    // The driver's alone.
    private @Nullable CompletionStage<?> passed;

    /**
     * Creates a loop that has not begun.
     *
     * @param context the sockets of the loop, or null
     */
    protected StageLoop(@Nullable IoContext context) {
        super(context);
    }

    /**
     * Continues the loop after the awaited stage. The calling thread is the driver.
     *
     * @param value the value of the stage
     */
    protected abstract void goOn(@Nullable Object value);

    /**
     * Takes the failure of the awaited stage. The calling thread is the driver. By default the loop ends.
     *
     * @param failed the failure of the stage
     */
    protected void stop(Throwable failed) {
        end(failed);
    }

    /**
     * Returns the name of the loop, followed by the stage for which the loop waits.
     *
     * @param name the name of the loop
     * @return a text for messages
     */
    protected final String describe(String name) {
        CompletionStage<?> turn = current.get();
        return turn == null ? name : name + ": " + nameOf(turn);
    }

    /**
     * Returns true if the loop was cancelled, and no further turn may begin.
     *
     * @return true after a cancel
     */
    protected final boolean isStopped() {
        return current.isCancelled();
    }

    /**
     * Takes the outcome of a stage, at once if possible. For the driver.
     *
     * @param stage the stage
     * @return the value of the stage, null for a passed stage, or {@link #PENDING} if another thread drives the loop
     *     from now on, beginning with {@link #goOn}
     * @throws Throwable the failure of the stage
     */
    protected final @Nullable Object follow(CompletionStage<?> stage) throws Throwable {
        belongTo(stage);
        if (current.isCancelled()) {
            CancelSlot.cancel(stage);
        }
        if (isComplete(stage)) {
            return ((CompletableFuture<?>) stage).join();
        }
        if (mayPass(stage)) {
            passed = stage;
            return null;
        }
        current.set(stage);
        phase = CALLING;
        stage.whenComplete(arrival);
        if (PHASE.compareAndSet(this, CALLING, WAITING)) {
            return PENDING;
        }
        Throwable failed = failure;
        if (failed != null) {
            throw failed;
        }
        return value;
    }

    /** Returns true if the next turn may begin before the stage is done. */
    private boolean mayPass(CompletionStage<?> stage) {
        Object queue = queueOf(stage);
        CompletionStage<?> before = passed;
        if (queue == null || before == null) {
            return queue != null;
        }
        CompletableFuture<?> done = before.toCompletableFuture();
        if (done.isDone()) {
            done.join();
            return true;
        }
        return queueOf(before) == queue;
    }

    private static @Nullable Object queueOf(CompletionStage<?> stage) {
        return stage instanceof Coalesced delayed ? delayed.queue() : null;
    }

    private void arrived(@Nullable Object result, @Nullable Throwable failed) {
        value = result;
        failure = failed;
        if (PHASE.compareAndSet(this, CALLING, ARRIVED)) {
            return;
        }
        current.clear();
        if (failed != null) {
            stop(failed);
        } else {
            goOn(result);
        }
    }

    /**
     * Ends the loop. Of two failures, the failure of the earlier stage is reported. For the driver.
     *
     * @param failed the failure, or null
     */
    protected final void end(@Nullable Throwable failed) {
        current.clear();
        CompletionStage<?> last = passed;
        if (last != null && (failed == null || last.toCompletableFuture().isCompletedExceptionally())) {
            last.whenComplete((none, earlier) -> finish(earlier != null ? earlier : failed));
        } else {
            finish(failed);
        }
    }

    private void finish(@Nullable Throwable failed) {
        if (current.isCancelled()) {
            return;
        }
        if (failed == null) {
            deliver(null);
        } else {
            deliverFailure(bare(failed));
        }
    }

    @Override
    protected boolean withdraw() {
        return current.cancel();
    }
}
