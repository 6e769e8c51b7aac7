package io.github.futuresockets.compose;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The future of a race between several stages. Completes with the outcome of the first stage that ends, and cancels the
 * other stages. If a loser still gives an {@code AutoCloseable}, the race closes the value.
 *
 * @param <T> the type of the result
 */
public final class FirstOf<T> extends OperationFuture<T> {
    /** The mark of an undecided race. */
    private static final Object NOBODY = new Object();

    private final List<CompletionStage<? extends T>> stages;

    /** The value of the winner, null after a failure or a cancel, or {@link #NOBODY} while the race is undecided. */
    private final AtomicReference<@Nullable Object> won = new AtomicReference<>(NOBODY);

    /**
     * Creates a race that has not begun.
     *
     * @param context the sockets of the race, or null
     * @param stages the stages, at least 1
     */
    public FirstOf(@Nullable IoContext context, List<CompletionStage<? extends T>> stages) {
        super(context);
        this.stages = stages;
    }

    /** Starts to wait for the stages. */
    public void begin() {
        for (CompletionStage<? extends T> each : stages) {
            try {
                each.whenComplete((value, failure) -> ended(each, value, failure));
            } catch (Throwable e) {
                ended(each, null, e);
            }
        }
    }

    private void ended(CompletionStage<? extends T> ended, @Nullable T value, @Nullable Throwable failure) {
        if (!won.compareAndSet(NOBODY, value)) {
            if (value != won.get()) {
                drop(value);
            }
            return;
        }
        // The losers are cancelled first, so that a thread with the result can start the same operations again.
        for (CompletionStage<? extends T> each : stages) {
            if (each != ended) {
                CancelSlot.cancel(each);
            }
        }
        if (failure == null) {
            deliver(value);
        } else {
            deliverFailure(bare(failure));
        }
    }

    private static void drop(@Nullable Object value) {
        if (value instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Throwable e) {
                System.getLogger("io.github.futuresockets")
                        .log(System.Logger.Level.DEBUG, "close of " + value + ", which has lost a race", e);
            }
        }
    }

    @Override
    protected boolean withdraw() {
        if (!won.compareAndSet(NOBODY, null)) {
            return false;
        }
        stages.forEach(CancelSlot::cancel);
        return true;
    }

    @Override
    protected String describe() {
        return ConcurrentForEach.describe("race", stages);
    }
}
