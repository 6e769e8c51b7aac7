package io.github.futuresockets.impl.support;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition to become true, or for a future to complete. */
public final class Await {
    /** The limit of each wait. Because every event comes much sooner, only a hang reaches the limit. */
    public static final Duration LIMIT = Duration.ofSeconds(15);

    private Await() {}

    /** Returns as soon as {@code condition} holds. Fails after {@link #LIMIT}. */
    public static void until(String what, BooleanSupplier condition) {
        until(() -> what, condition);
    }

    /** Returns as soon as {@code condition} holds. The description is evaluated only after a failure. */
    public static void until(Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("never came: " + what.get());
            }
            LockSupport.parkNanos(100_000);
        }
    }

    /** Returns the result of a future. Fails if the future fails, or is pending after {@link #LIMIT}. */
    public static <T> T value(CompletionStage<T> stage) {
        try {
            return mirror(stage).get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("never done: " + stage, e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + stage, e);
        }
    }

    /** Returns the failure of a future, as seen by {@code handle} of the future. Fails if the future succeeds. */
    public static Throwable failure(CompletableFuture<?> future) {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        future.whenComplete((value, failure) -> {
            if (failure == null) {
                seen.completeExceptionally(new AssertionError("succeeded with " + value + ": " + future));
            } else {
                seen.complete(failure);
            }
        });
        return value(seen);
    }

    /** Returns the failure of a future. Fails if the future succeeds, or if the failure has another type. */
    public static <E extends Throwable> E failure(Class<E> type, CompletableFuture<?> future) {
        Throwable failure = failure(future);
        if (!type.isInstance(failure)) {
            throw new AssertionError("expected " + type.getName() + ", got " + failure, failure);
        }
        return type.cast(failure);
    }

    private static <T> CompletableFuture<T> mirror(CompletionStage<T> stage) {
        CompletableFuture<T> mirror = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                mirror.complete(value);
            } else {
                mirror.completeExceptionally(failure);
            }
        });
        return mirror;
    }
}
