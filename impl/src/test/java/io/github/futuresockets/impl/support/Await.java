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

/** Waits for an event, never for luck: a condition that must become true, a future that must be done. */
public final class Await {
    /** Far beyond what anything takes; reached only by what has hung. */
    public static final Duration LIMIT = Duration.ofSeconds(15);

    private Await() {}

    /** Returns as soon as {@code condition} holds; fails if it never does. */
    public static void until(String what, BooleanSupplier condition) {
        until(() -> what, condition);
    }

    /** The same, for a description that shows how things stand in the end. */
    public static void until(Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("never came: " + what.get());
            }
            LockSupport.parkNanos(100_000);
        }
    }

    /** The result of a future that must succeed. */
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

    /** What a future that must fail failed with, as {@code handle} of the future itself sees it. */
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

    /** The same, and it must be of this type. */
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
