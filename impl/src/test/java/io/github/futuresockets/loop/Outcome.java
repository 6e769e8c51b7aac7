package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A handler that keeps what it is told, and by which thread. */
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

    V value() throws Exception {
        return told.get(ProviderFixture.PATIENCE, TimeUnit.SECONDS);
    }

    Throwable failure() {
        return assertThrows(ExecutionException.class, this::value).getCause();
    }

    @Nullable Thread thread() {
        return thread;
    }

    /** Its value, if it comes that soon. */
    V value(long millis) throws Exception {
        return told.get(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits for the outcome: whether it is a value. */
    boolean isSuccess() throws Exception {
        return isSuccess(TimeUnit.SECONDS.toMillis(ProviderFixture.PATIENCE));
    }

    /** Whether there is a value within that time. */
    boolean isSuccess(long millis) throws Exception {
        try {
            value(millis);
            return true;
        } catch (ExecutionException | TimeoutException none) {
            return false;
        }
    }
}
