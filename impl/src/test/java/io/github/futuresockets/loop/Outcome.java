package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A handler that records the result or failure of an operation, and the calling thread. */
class Outcome<V> implements CompletionHandler<V, Object> {
    private final CompletableFuture<V> told = new CompletableFuture<>();
    private volatile @Nullable Thread thread;

    @Override
    public void completed(V value, @Nullable Object attachment) {
        thread = Thread.currentThread();
        told.complete(value);
    }

    @Override
    public void failed(Throwable failure, @Nullable Object attachment) {
        thread = Thread.currentThread();
        told.completeExceptionally(failure);
    }

    /** Waits for the result. Throws an {@link ExecutionException}, if the operation fails. */
    V value() throws Exception {
        return told.get(ProviderFixture.PATIENCE, TimeUnit.SECONDS);
    }

    /** Waits for the failure. Throws an assertion error, if the operation succeeds. */
    Throwable failure() {
        return assertThrows(ExecutionException.class, this::value).getCause();
    }

    /** Returns the thread that called the handler, or null if the operation is pending. */
    @Nullable Thread thread() {
        return thread;
    }

    /** Waits for the result. Throws a {@link TimeoutException} after {@code millis} milliseconds. */
    V value(long millis) throws Exception {
        return told.get(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits for the end of the operation. Returns true if the operation has succeeded. */
    boolean isSuccess() throws Exception {
        return isSuccess(TimeUnit.SECONDS.toMillis(ProviderFixture.PATIENCE));
    }

    /** Returns true if the operation succeeds within {@code millis} milliseconds. */
    boolean isSuccess(long millis) throws Exception {
        try {
            value(millis);
            return true;
        } catch (ExecutionException | TimeoutException none) {
            return false;
        }
    }
}
