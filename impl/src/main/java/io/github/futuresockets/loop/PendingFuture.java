package io.github.futuresockets.loop;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The future of an operation. A cancellation removes the operation from its channel, with nothing read or written. */
final class PendingFuture<V> extends FutureTask<V> {
    private final Operation<V> operation;

    PendingFuture(Operation<V> operation) {
        super(() -> {
            throw new IllegalStateException("completed by its operation");
        });
        this.operation = operation;
    }

    /** Completes the future with a value, or with the failure if there is a failure. */
    void complete(@Nullable V value, @Nullable Throwable failure) {
        if (failure == null) {
            set(value);
        } else {
            setException(failure);
        }
    }

    @Override
    public V get() throws InterruptedException, ExecutionException {
        if (!isDone()) {
            operation.waiting();
        }
        return super.get();
    }

    @Override
    public V get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (timeout > 0 && !isDone()) {
            operation.waiting();
        }
        return super.get(timeout, unit);
    }

    /** Has no effect, because only the operation completes the future. */
    @Override
    public void run() {}

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = operation.withdraw(this) && super.cancel(false);
        if (cancelled) {
            operation.cancelled(mayInterruptIfRunning);
        }
        return cancelled;
    }
}
