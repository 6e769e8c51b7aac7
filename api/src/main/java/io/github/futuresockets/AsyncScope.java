package io.github.futuresockets;

import io.github.futuresockets.spi.IoContext;
import io.github.futuresockets.spi.OperationFuture;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Closing on every path, joining and waiting: what {@code try} with resources, task groups and {@code select} are to code
 * that blocks.
 *
 * <p><b>Cancellation and timeouts.</b> Whatever ends a future of this class from outside, {@code cancel} or {@code orTimeout},
 * cancels the stages that it waits for.
 */
public final class AsyncScope {
    private AsyncScope() {}

    /**
     * Uses a resource and closes it, whatever happens: when the body's stage is done, fails or gives way to a cancel, when
     * the body throws before there is a stage, and when the resource comes only after a cancel. A {@code whenComplete} is no
     * substitute: a stage that is cancelled itself does not run its action any more.
     *
     * @param <R> the type of the resource
     * @param <T> the type of the result
     * @param resource gives it; a connect, for instance
     * @param body what to do with it
     * @return the result of the body, or the first failure: of the resource, the body, or the close; a failure to close behind
     *     another one is suppressed in that
     */
    public static <R extends AutoCloseable, T> CompletableFuture<T> using(
            CompletionStage<? extends R> resource, Function<? super R, ? extends CompletionStage<T>> body) {
        return scope(resource, body, true);
    }

    /**
     * Makes something of a resource that goes on to need it: closes it only if that fails or is cancelled.
     *
     * @param <R> the type of the resource
     * @param <T> the type of the result
     * @param resource gives it; a connect, for instance
     * @param body what to do with it; a handshake, for instance
     * @return the result of the body, or the first failure
     */
    public static <R extends AutoCloseable, T> CompletableFuture<T> orClose(
            CompletionStage<? extends R> resource, Function<? super R, ? extends CompletionStage<T>> body) {
        return scope(resource, body, false);
    }

    private static <R extends AutoCloseable, T> CompletableFuture<T> scope(
            CompletionStage<? extends R> resource,
            Function<? super R, ? extends CompletionStage<T>> body,
            boolean always) {
        Scope<R, T> scope = new Scope<>(
                OperationFuture.contextOf(Objects.requireNonNull(resource, "resource")),
                Objects.requireNonNull(body, "body"),
                always);
        scope.follow(resource);
        return scope;
    }

    /**
     * Waits for all. The first failure cancels the others.
     *
     * @param stages none, one or more
     * @return done when all are, or the first failure
     */
    public static CompletableFuture<Void> all(CompletionStage<?>... stages) {
        List<CompletionStage<?>> all = List.of(stages);
        Fan<CompletionStage<?>> fan =
                new Fan<>(contextOf(all), "all", all.iterator(), Math.max(1, all.size()), stage -> stage);
        fan.advance();
        if (fan.isStopped()) {
            // One that had failed already has kept those behind it from being watched.
            all.forEach(Turns::cancel);
        }
        return fan;
    }

    /** Of the first that belongs to any sockets: one that waits for several must not wait on their I/O threads either. */
    private static @Nullable IoContext contextOf(List<? extends CompletionStage<?>> stages) {
        return stages.stream()
                .map(OperationFuture::contextOf)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * Waits for the first that ends, in whatever way, and cancels the others. What one of those gives in spite of that is
     * closed if it can be.
     *
     * @param <T> the type of the result
     * @param stages at least one
     * @return what the first one has given, or its failure
     * @throws IllegalArgumentException if there is no stage
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <T> CompletableFuture<T> race(CompletionStage<? extends T>... stages) {
        if (stages.length == 0) {
            throw new IllegalArgumentException("a race of none has no end");
        }
        List<CompletionStage<? extends T>> all = List.of(stages);
        Race<T> race = new Race<>(contextOf(all), all);
        race.begin();
        return race;
    }

    /**
     * Waits, for code that may block.
     *
     * <p><b>Cancellation.</b> An interrupt cancels the stage and is thrown, unless the result is there already: then it is
     * returned, and the interrupt status stays set.
     *
     * @param <T> the type of the result
     * @param stage what to wait for
     * @return its result
     * @throws IOException if it fails with one, that same one; or with any other checked exception, as its cause
     * @throws InterruptedException if this thread is interrupted
     * @throws IllegalStateException on an I/O thread of the sockets that the stage belongs to, which would wait for itself
     */
    public static <T> @Nullable T await(CompletionStage<T> stage) throws IOException, InterruptedException {
        return wait(stage.toCompletableFuture(), null);
    }

    /**
     * Waits so long at most.
     *
     * <p><b>Timeouts.</b> When the time is over the stage is cancelled, so what it was is taken back without a loss, unless the
     * result is there already.
     *
     * @param <T> the type of the result
     * @param stage what to wait for
     * @param timeout zero or less: only what is there already
     * @return its result
     * @throws SocketTimeoutException if it takes too long
     * @throws IOException if it fails, as in {@link #await(CompletionStage)}
     * @throws InterruptedException if this thread is interrupted
     * @throws IllegalStateException on an I/O thread of the sockets that the stage belongs to
     */
    public static <T> @Nullable T await(CompletionStage<T> stage, Duration timeout)
            throws IOException, InterruptedException {
        return wait(stage.toCompletableFuture(), Objects.requireNonNull(timeout, "timeout"));
    }

    private static <T> @Nullable T wait(CompletableFuture<T> future, @Nullable Duration timeout)
            throws IOException, InterruptedException {
        try {
            return timeout == null ? future.get() : future.get(nanos(timeout), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw thrown(OperationFuture.bare(e.getCause() == null ? e : e.getCause()));
        } catch (InterruptedException e) {
            if (withdrawn(future)) {
                throw e;
            }
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            String name = OperationFuture.nameOf(future);
            if (withdrawn(future)) {
                throw new SocketTimeoutException(name + ": not done after " + timeout);
            }
        }
        try {
            return future.join();
        } catch (java.util.concurrent.CompletionException e) {
            throw thrown(OperationFuture.bare(e));
        }
    }

    private static boolean withdrawn(CompletableFuture<?> future) {
        return future.cancel(false);
    }

    private static long nanos(Duration timeout) {
        try {
            return timeout.toNanos();
        } catch (ArithmeticException beyond) {
            return timeout.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }

    /** The failure itself if it may be thrown here, otherwise one that carries it. */
    private static IOException thrown(Throwable failure) {
        if (failure instanceof RuntimeException) {
            throw (RuntimeException) failure;
        }
        if (failure instanceof Error) {
            throw (Error) failure;
        }
        return failure instanceof IOException ? (IOException) failure : new IOException(failure.toString(), failure);
    }
}
