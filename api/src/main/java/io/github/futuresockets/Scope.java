package io.github.futuresockets;

import io.github.futuresockets.spi.IoContext;
import io.github.futuresockets.spi.OperationFuture;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A resource, what is made of it, and its close. */
final class Scope<R extends AutoCloseable, T> extends OperationFuture<T> {
    /*
     * Guarded by this object's monitor: `stopped` is set by a canceller and `ended` by the outcome, whichever is first; `current` is the stage that is waited for, `open`
     * the resource from when it comes until somebody takes it out in order to close it. Who sets `current` when it is
     * stopped cancels it, as does the canceller with what it finds. No user code runs under the monitor.
     */
    private final Function<? super R, ? extends CompletionStage<T>> body;
    private final boolean always;
    private boolean stopped;
    private boolean ended;
    private @Nullable CompletionStage<?> current;
    private @Nullable R open;

    Scope(@Nullable IoContext context, Function<? super R, ? extends CompletionStage<T>> body, boolean always) {
        super(context);
        this.body = body;
        this.always = always;
    }

    void follow(CompletionStage<? extends R> resource) {
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
            Turns.cancel(stage);
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

    /** Closes the resource if that has not been done; the failure, or if there is none that of the close. */
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
            Turns.cancel(waiting);
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
