package io.github.futuresockets;

import io.github.futuresockets.spi.IoContext;
import io.github.futuresockets.spi.OperationFuture;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The first of several stages that ends; the others are cancelled. */
final class Race<T> extends OperationFuture<T> {
    private static final Object NOBODY = new Object();

    private final List<CompletionStage<? extends T>> stages;

    /** What the first has given; null if it has failed or all were cancelled. */
    private final AtomicReference<@Nullable Object> won = new AtomicReference<>(NOBODY);

    Race(@Nullable IoContext context, List<CompletionStage<? extends T>> stages) {
        super(context);
        this.stages = stages;
    }

    void begin() {
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
        // The others are taken back before anybody can see who has won, and might ask for the same again.
        for (CompletionStage<? extends T> each : stages) {
            if (each != ended) {
                Turns.cancel(each);
            }
        }
        if (failure == null) {
            deliver(value);
        } else {
            deliverFailure(bare(failure));
        }
    }

    private static void drop(@Nullable Object value) {
        if (value instanceof AutoCloseable) {
            try {
                ((AutoCloseable) value).close();
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
        stages.forEach(Turns::cancel);
        return true;
    }

    @Override
    protected String describe() {
        return Fan.describe("race", stages);
    }
}
