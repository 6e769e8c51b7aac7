package io.github.futuresockets.compose;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
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
     * Guarded by this: stopped, ended, current, open. No code of the caller runs under the monitor.
     *
     * - `stopped` is set by a canceller, `ended` by an outcome. The first of the two excludes the other.
     * - `current` is the awaited stage. `withdraw` sets `stopped` and cancels `current`. A thread that sets `current`
     *   after the stop cancels the stage.
     * - `open` is the resource, from its arrival until a thread takes the resource out for its close.
     */
    private final Function<? super R, ? extends CompletionStage<T>> body;
    private final boolean always;

    // guarded by this
    private boolean stopped;
    private boolean ended;
    private @Nullable CompletionStage<?> current;
    private @Nullable R open;

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
        boolean late;
        synchronized (this) {
            current = stage;
            late = stopped;
        }
        if (late) {
            SequentialLoop.cancel(stage);
        }
    }

    private void opened(@Nullable R resource, @Nullable Throwable failure) {
        if (failure != null || resource == null) {
            end(null, failure != null ? bare(failure) : new NullPointerException("there is no resource"), true);
            return;
        }
        boolean late;
        synchronized (this) {
            open = resource;
            late = stopped;
        }
        if (late) {
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
        boolean late;
        synchronized (this) {
            late = stopped;
            ended = !late;
        }
        Throwable result = closing || late ? close(failure) : failure;
        if (late) {
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
        R mine;
        synchronized (this) {
            mine = open;
            open = null;
        }
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
        CompletionStage<?> waiting;
        synchronized (this) {
            if (ended) {
                return false;
            }
            stopped = true;
            waiting = current;
        }
        if (waiting != null) {
            SequentialLoop.cancel(waiting);
        }
        close(null);
        return true;
    }

    @Override
    protected String describe() {
        CompletionStage<?> waiting;
        synchronized (this) {
            waiting = current;
        }
        String name = always ? "using" : "orClose";
        return waiting == null ? name : name + ": " + nameOf(waiting);
    }
}
