package io.github.futuresockets.future;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The visible outcome of a completed future, in words comparable between two classes of futures. */
record Seen(String join, String get, String handled, boolean failed, boolean cancelled) {

    /**
     * Returns the outcome of a future, including the outcome seen by a derived stage. If {@code bare} is false, a
     * {@code CompletionException} seen by the stage is removed.
     */
    static Seen of(CompletableFuture<?> future, boolean bare) {
        String join = Seen.call(future::join);
        String get = Seen.call(() -> future.get(10, TimeUnit.SECONDS));
        String handled = future.handle(
                        (value, failure) -> failure == null ? word(value) : word(bare ? failure : strip(failure)))
                .join();
        return new Seen(join, get, handled, future.isCompletedExceptionally(), future.isCancelled());
    }

    private interface Source {
        @Nullable Object get() throws Exception;
    }

    private static String call(Source source) {
        try {
            return word(source.get());
        } catch (Throwable e) {
            return "throws " + word(e);
        }
    }

    /**
     * Returns the word for an argument of a function of a stage of {@code source}. A wrapper is removed from an
     * argument of a JDK stage.
     */
    static String argument(CompletableFuture<?> source, @Nullable Object value) {
        return word(
                value instanceof Throwable && !(source instanceof OperationFuture) ? strip((Throwable) value) : value);
    }

    static Throwable strip(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /**
     * Returns the word for a value or a failure. Omits the messages of wrappers, cancellations and null pointer
     * exceptions.
     */
    static String word(@Nullable Object value) {
        if (value instanceof CompletionException || value instanceof ExecutionException) {
            return value.getClass().getSimpleName() + " of " + word(((Throwable) value).getCause());
        }
        if (value instanceof CancellationException || value instanceof NullPointerException) {
            return value.getClass().getSimpleName();
        }
        return String.valueOf(value);
    }

    /** The possible outcomes of a source or of the function of a stage. */
    enum Ending {
        VALUE,
        NULL,
        IO_FAILURE,
        CANCELLED,
        RUNTIME_FAILURE,
        ERROR,
        WRAPPED_FAILURE;

        boolean isFailure() {
            return this != VALUE && this != NULL;
        }

        Object orThrow(Object value) {
            switch (this) {
                case VALUE:
                    return value;
                case NULL:
                    return null;
                case IO_FAILURE:
                    throw new UncheckedIOException(new IOException("in the function"));
                case CANCELLED:
                    throw new CancellationException("in the function");
                case RUNTIME_FAILURE:
                    throw new IllegalStateException("in the function");
                case ERROR:
                    throw new LinkageError("in the function");
                default:
                    throw new CompletionException(new IOException("in the function"));
            }
        }

        /** Ends a future with the outcome, by the public methods of the future. */
        void end(CompletableFuture<Object> future, String value) {
            switch (this) {
                case VALUE:
                    future.complete(value);
                    break;
                case NULL:
                    future.complete(null);
                    break;
                case IO_FAILURE:
                    future.completeExceptionally(new IOException(value));
                    break;
                case CANCELLED:
                    future.cancel(false);
                    break;
                case RUNTIME_FAILURE:
                    future.completeExceptionally(new IllegalStateException(value));
                    break;
                case ERROR:
                    future.completeExceptionally(new LinkageError(value));
                    break;
                default:
                    future.completeExceptionally(new CompletionException(new IOException(value)));
                    break;
            }
        }
    }
}
