package io.github.futuresockets.compose;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The future of a body that uses a resource. Closes the resource after the body, always or only after a failure or a
 * cancel.
 *
 * @param <R> the type of the resource
 * @param <T> the type of the result
 */
public final class UsingScope<R extends AutoCloseable, T> extends OperationFuture<T> {
    /*
     * `current` holds the awaited stage. A canceller cancels the slot, an outcome closes the slot. The first of the two
     * excludes the other.
     *
     * `open` holds the resource, from its arrival until a thread takes the resource out for its close. The arrival sets
     * `open` and then reads whether `current` is cancelled. `withdraw` cancels `current` and then takes from `open`. At
     * least one of the two threads closes the resource.
     */
    private final Function<? super R, ? extends CompletionStage<T>> body;
    private final boolean always;
    private final CancelSlot<CompletionStage<?>> current = CancelSlot.ofStage();
    private final AtomicReference<@Nullable R> open = new AtomicReference<>();

    /**
     * Creates a scope without a resource.
     *
     * @param context the sockets of the resource, or null
     * @param body uses the resource
     * @param always true to close the resource in any case, false to close only after a failure or a cancel
     */
    public UsingScope(
            @Nullable IoContext context, Function<? super R, ? extends CompletionStage<T>> body, boolean always) {
        super(context);
        this.body = body;
        this.always = always;
    }

    /**
     * Starts to wait for the resource.
     *
     * @param resource the stage of the resource
     */
    public void follow(CompletionStage<? extends R> resource) {
        watch(resource);
        try {
            resource.whenComplete(this::opened);
        } catch (Throwable e) {
            end(null, e, true);
        }
    }

    private void watch(CompletionStage<?> stage) {
        belongTo(stage);
        current.set(stage);
    }

    private void opened(@Nullable R resource, @Nullable Throwable failure) {
        if (failure != null || resource == null) {
            end(null, failure != null ? bare(failure) : new NullPointerException("there is no resource"), true);
            return;
        }
        open.set(resource);
        if (current.isCancelled()) {
            close(null);
            return;
        }
        try {
            CompletionStage<T> stage = Objects.requireNonNull(body.apply(resource), "the body gave no stage");
            watch(stage);
            stage.whenComplete((value, failed) -> {
                end(value, failed == null ? null : bare(failed), always || failed != null);
            });
        } catch (Throwable e) {
            end(null, e, true);
        }
    }

    private void end(@Nullable T value, @Nullable Throwable failure, boolean closing) {
        boolean won = current.close();
        Throwable result = closing || !won ? close(failure) : failure;
        if (!won) {
            return;
        }
        if (result == null) {
            deliver(value);
        } else {
            deliverFailure(result);
        }
    }

    /**
     * Closes the resource, unless closed already. Returns the given failure, or the failure of the close if there is no
     * other.
     */
    private @Nullable Throwable close(@Nullable Throwable failure) {
        R mine = open.getAndSet(null);
        if (mine == null) {
            return failure;
        }
        try {
            mine.close();
            return failure;
        } catch (Throwable e) {
            if (failure == null) {
                return e;
            }
            if (e != failure) {
                failure.addSuppressed(e);
            }
            return failure;
        }
    }

    @Override
    protected boolean withdraw() {
        if (!current.cancel()) {
            return false;
        }
        close(null);
        return true;
    }

    @Override
    protected String describe() {
        CompletionStage<?> waiting = current.get();
        String name = always ? "using" : "orClose";
        return waiting == null ? name : name + ": " + nameOf(waiting);
    }
}
