package io.github.futuresockets.loop;

import java.nio.channels.CompletionHandler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call of a completion handler with a result or a failure. An exception of the handler goes to the handler of
 * uncaught exceptions of the current thread.
 */
final class Completion<V, A> implements Runnable {
    private final CompletionHandler<? super V, ? super A> handler;
    private final @Nullable A attachment;
    private final @Nullable V value;
    private final @Nullable Throwable failure;

    Completion(
            CompletionHandler<? super V, ? super A> handler,
            @Nullable A attachment,
            @Nullable V value,
            @Nullable Throwable failure) {
        this.handler = Objects.requireNonNull(handler, "handler");
        this.attachment = attachment;
        this.value = value;
        this.failure = failure;
    }

    @Override
    public void run() {
        try {
            if (failure == null) {
                handler.completed(value, attachment);
            } else {
                handler.failed(failure, attachment);
            }
        } catch (Throwable e) {
            Caller.uncaught(e);
        }
    }
}
