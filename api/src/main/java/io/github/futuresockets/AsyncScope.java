package io.github.futuresockets;

import io.github.futuresockets.compose.CancelSlot;
import io.github.futuresockets.compose.ConcurrentForEach;
import io.github.futuresockets.compose.FirstOf;
import io.github.futuresockets.compose.UsingScope;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
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
 * Scopes for resources and groups of stages, and blocking waits. These methods are the asynchronous forms of
 * {@code try} with resources, of task groups and of {@code select}.
 *
 * <p><b>Cancellation and timeouts.</b> A {@code cancel} or a time-out of a future of this class cancels the stages for
 * which the future waits.
 */
public final class AsyncScope {
    private AsyncScope() {}

    /**
     * Uses a resource and closes the resource in every case:
     *
     * <ul>
     *   <li>The body's stage is done, fails or is cancelled.
     *   <li>The body throws before there is a stage.
     *   <li>The resource arrives after a cancel.
     * </ul>
     *
     * <p>A {@code whenComplete} is no substitute, because a stage that is cancelled itself does not run its action.
     *
     * @param <R> the type of the resource
     * @param <T> the type of the result
     * @param resource a stage of the resource, such as a connect
     * @param body uses the resource
     * @return the result of the body, or the first failure of the resource, the body or the close. If the close fails
     *     after another failure, the failure of the close is a suppressed exception of the other failure
     */
    public static <R extends AutoCloseable, T> CompletableFuture<T> using(
            CompletionStage<? extends R> resource, Function<? super R, ? extends CompletionStage<T>> body) {
        return scope(resource, body, true);
    }

    /**
     * Uses a resource and closes the resource only if the body fails or is cancelled. After a success, the resource
     * stays open for the result.
     *
     * @param <R> the type of the resource
     * @param <T> the type of the result
     * @param resource a stage of the resource, such as a connect
     * @param body uses the resource; a handshake, for instance
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
        UsingScope<R, T> scope = new UsingScope<>(
                OperationFuture.contextOf(Objects.requireNonNull(resource, "resource")),
                Objects.requireNonNull(body, "body"),
                always);
        scope.follow(resource);
        return scope;
    }

    /**
     * Waits for all stages. The first failure cancels the other stages.
     *
     * @param stages none, one or more
     * @return done when all stages are done. Fails with the first failure
     */
    public static CompletableFuture<Void> all(CompletionStage<?>... stages) {
        List<CompletionStage<?>> all = List.of(stages);
        ConcurrentForEach<CompletionStage<?>> fan =
                new ConcurrentForEach<>(contextOf(all), "all", all.iterator(), Math.max(1, all.size()), stage -> stage);
        fan.advance();
        if (fan.isStopped()) {
            // Because an early stage had failed already, nothing watches the later stages. Cancel all stages here.
            all.forEach(CancelSlot::cancel);
        }
        return fan;
    }

    /**
     * Returns the context of the first stage that belongs to any sockets. Because a composition of several stages must
     * not block the I/O threads of these sockets, the composition needs this context.
     */
    private static @Nullable IoContext contextOf(List<? extends CompletionStage<?>> stages) {
        return stages.stream()
                .map(OperationFuture::contextOf)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * Waits for the first stage that ends, in any way, and cancels the other stages. If a cancelled stage still gives a
     * result, this result is closed if it is {@link AutoCloseable}.
     *
     * @param <T> the type of the result
     * @param stages at least one stage
     * @return the result or the failure of the first stage
     * @throws IllegalArgumentException if there is no stage
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <T> CompletableFuture<T> race(CompletionStage<? extends T>... stages) {
        if (stages.length == 0) {
            throw new IllegalArgumentException("a race of none has no end");
        }
        List<CompletionStage<? extends T>> all = List.of(stages);
        FirstOf<T> race = new FirstOf<>(contextOf(all), all);
        race.begin();
        return race;
    }

    /**
     * Blocks until a stage is done. An unchecked failure of the stage is thrown unchanged.
     *
     * <p><b>Cancellation.</b> An interrupt cancels the stage and throws {@link InterruptedException}. If the result is
     * already there, the method returns the result, and the interrupt status stays set.
     *
     * @param <T> the type of the result
     * @param stage the stage
     * @return the result of the stage
     * @throws IOException if the stage fails with an {@code IOException}, the same exception; if the stage fails with
     *     another checked exception, an {@code IOException} with this cause
     * @throws InterruptedException if this thread is interrupted
     * @throws IllegalStateException on an I/O thread of the sockets to which the stage belongs, because the wait would
     *     never end
     */
    public static <T> @Nullable T await(CompletionStage<T> stage) throws IOException, InterruptedException {
        return wait(stage.toCompletableFuture(), null);
    }

    /**
     * Blocks until a stage is done or a time-out expires.
     *
     * <p><b>Timeouts.</b> When the time-out expires, the stage is cancelled, so the operation is withdrawn without a
     * loss. If the result is already there, the method returns the result.
     *
     * @param <T> the type of the result
     * @param stage the stage
     * @param timeout the longest wait; zero or less: take only a result that is already there
     * @return the result of the stage
     * @throws SocketTimeoutException if the time-out expires
     * @throws IOException if the stage fails, as in {@link #await(CompletionStage)}
     * @throws InterruptedException if this thread is interrupted
     * @throws IllegalStateException on an I/O thread of the sockets to which the stage belongs
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

    /**
     * Throws an unchecked failure. Returns any other failure, as the same {@code IOException} or as the cause of a new
     * exception.
     */
    private static IOException thrown(Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof IOException io ? io : new IOException(failure.toString(), failure);
    }
}
