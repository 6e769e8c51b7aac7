package io.github.futuresockets.future;

import io.github.futuresockets.future.PairStage.Kind;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The methods of {@code CompletionStage} that derive a stage, each in three forms. Each method ends in {@link #derive}.
 * The behaviour of a derived future is in {@link Stage}. The methods of the JDK are never called, because they wrap
 * failures, give a canceller no way to the operation, and allocate two objects instead of a single object.
 */
abstract class StageMethods<T> extends Dependents<T> {

    /** Gives {@code child} its source and function, and makes it a dependent of this future, or runs it at once. */
    abstract <U> OperationFuture<U> derive(Stage<U> child, Object fn, @Nullable Executor executor);

    private <U> OperationFuture<U> pair(Kind kind, CompletionStage<?> other, Object fn, @Nullable Executor executor) {
        CompletableFuture<?> second = other.toCompletableFuture();
        PairStage<U> child = new PairStage<>(kind, Objects.requireNonNull(second, "other"), fn, executor);
        derive(child, PairStage.PAIRED, null);
        child.follow(second);
        return child;
    }

    @Override
    public <U> OperationFuture<U> thenApply(Function<? super T, ? extends U> fn) {
        return derive(new Stages.Apply<>(), fn, null);
    }

    @Override
    public <U> OperationFuture<U> thenApplyAsync(Function<? super T, ? extends U> fn) {
        return derive(new Stages.Apply<>(), fn, defaultExecutor());
    }

    @Override
    public <U> OperationFuture<U> thenApplyAsync(Function<? super T, ? extends U> fn, Executor executor) {
        return derive(new Stages.Apply<>(), fn, requireExecutor(executor));
    }

    @Override
    public OperationFuture<Void> thenAccept(Consumer<? super T> action) {
        return derive(new Stages.Accept(), action, null);
    }

    @Override
    public OperationFuture<Void> thenAcceptAsync(Consumer<? super T> action) {
        return derive(new Stages.Accept(), action, defaultExecutor());
    }

    @Override
    public OperationFuture<Void> thenAcceptAsync(Consumer<? super T> action, Executor executor) {
        return derive(new Stages.Accept(), action, requireExecutor(executor));
    }

    @Override
    public OperationFuture<Void> thenRun(Runnable action) {
        return derive(new Stages.Run(), action, null);
    }

    @Override
    public OperationFuture<Void> thenRunAsync(Runnable action) {
        return derive(new Stages.Run(), action, defaultExecutor());
    }

    @Override
    public OperationFuture<Void> thenRunAsync(Runnable action, Executor executor) {
        return derive(new Stages.Run(), action, requireExecutor(executor));
    }

    @Override
    public <U> OperationFuture<U> thenCompose(Function<? super T, ? extends CompletionStage<U>> fn) {
        return derive(new Stages.Compose<>(), fn, null);
    }

    @Override
    public <U> OperationFuture<U> thenComposeAsync(Function<? super T, ? extends CompletionStage<U>> fn) {
        return derive(new Stages.Compose<>(), fn, defaultExecutor());
    }

    @Override
    public <U> OperationFuture<U> thenComposeAsync(
            Function<? super T, ? extends CompletionStage<U>> fn, Executor executor) {
        return derive(new Stages.Compose<>(), fn, requireExecutor(executor));
    }

    @Override
    public <U> OperationFuture<U> handle(BiFunction<? super T, Throwable, ? extends U> fn) {
        return derive(new Stages.Handle<>(), fn, null);
    }

    @Override
    public <U> OperationFuture<U> handleAsync(BiFunction<? super T, Throwable, ? extends U> fn) {
        return derive(new Stages.Handle<>(), fn, defaultExecutor());
    }

    @Override
    public <U> OperationFuture<U> handleAsync(BiFunction<? super T, Throwable, ? extends U> fn, Executor executor) {
        return derive(new Stages.Handle<>(), fn, requireExecutor(executor));
    }

    @Override
    public OperationFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> action) {
        return derive(new Stages.WhenComplete<T>(), action, null);
    }

    @Override
    public OperationFuture<T> whenCompleteAsync(BiConsumer<? super T, ? super Throwable> action) {
        return derive(new Stages.WhenComplete<T>(), action, defaultExecutor());
    }

    @Override
    public OperationFuture<T> whenCompleteAsync(BiConsumer<? super T, ? super Throwable> action, Executor executor) {
        return derive(new Stages.WhenComplete<T>(), action, requireExecutor(executor));
    }

    @Override
    public OperationFuture<T> exceptionally(Function<Throwable, ? extends T> fn) {
        return derive(new Stages.Exceptionally<T>(), fn, null);
    }

    @Override
    public OperationFuture<T> exceptionallyAsync(Function<Throwable, ? extends T> fn) {
        return derive(new Stages.Exceptionally<T>(), fn, defaultExecutor());
    }

    @Override
    public OperationFuture<T> exceptionallyAsync(Function<Throwable, ? extends T> fn, Executor executor) {
        return derive(new Stages.Exceptionally<T>(), fn, requireExecutor(executor));
    }

    @Override
    public OperationFuture<T> exceptionallyCompose(Function<Throwable, ? extends CompletionStage<T>> fn) {
        return derive(new Stages.ExceptionallyCompose<T>(), fn, null);
    }

    @Override
    public OperationFuture<T> exceptionallyComposeAsync(Function<Throwable, ? extends CompletionStage<T>> fn) {
        return derive(new Stages.ExceptionallyCompose<T>(), fn, defaultExecutor());
    }

    @Override
    public OperationFuture<T> exceptionallyComposeAsync(
            Function<Throwable, ? extends CompletionStage<T>> fn, Executor executor) {
        return derive(new Stages.ExceptionallyCompose<T>(), fn, requireExecutor(executor));
    }

    @Override
    public <U, V> OperationFuture<V> thenCombine(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
        return pair(Kind.COMBINE, other, fn, null);
    }

    @Override
    public <U, V> OperationFuture<V> thenCombineAsync(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
        return pair(Kind.COMBINE, other, fn, defaultExecutor());
    }

    @Override
    public <U, V> OperationFuture<V> thenCombineAsync(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn, Executor executor) {
        return pair(Kind.COMBINE, other, fn, requireExecutor(executor));
    }

    @Override
    public <U> OperationFuture<Void> thenAcceptBoth(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
        return pair(Kind.ACCEPT_BOTH, other, action, null);
    }

    @Override
    public <U> OperationFuture<Void> thenAcceptBothAsync(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
        return pair(Kind.ACCEPT_BOTH, other, action, defaultExecutor());
    }

    @Override
    public <U> OperationFuture<Void> thenAcceptBothAsync(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action, Executor executor) {
        return pair(Kind.ACCEPT_BOTH, other, action, requireExecutor(executor));
    }

    @Override
    public OperationFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable action) {
        return pair(Kind.RUN_BOTH, other, action, null);
    }

    @Override
    public OperationFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable action) {
        return pair(Kind.RUN_BOTH, other, action, defaultExecutor());
    }

    @Override
    public OperationFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable action, Executor executor) {
        return pair(Kind.RUN_BOTH, other, action, requireExecutor(executor));
    }

    @Override
    public <U> OperationFuture<U> applyToEither(CompletionStage<? extends T> other, Function<? super T, U> fn) {
        return pair(Kind.APPLY_EITHER, other, fn, null);
    }

    @Override
    public <U> OperationFuture<U> applyToEitherAsync(CompletionStage<? extends T> other, Function<? super T, U> fn) {
        return pair(Kind.APPLY_EITHER, other, fn, defaultExecutor());
    }

    @Override
    public <U> OperationFuture<U> applyToEitherAsync(
            CompletionStage<? extends T> other, Function<? super T, U> fn, Executor executor) {
        return pair(Kind.APPLY_EITHER, other, fn, requireExecutor(executor));
    }

    @Override
    public OperationFuture<Void> acceptEither(CompletionStage<? extends T> other, Consumer<? super T> action) {
        return pair(Kind.ACCEPT_EITHER, other, action, null);
    }

    @Override
    public OperationFuture<Void> acceptEitherAsync(CompletionStage<? extends T> other, Consumer<? super T> action) {
        return pair(Kind.ACCEPT_EITHER, other, action, defaultExecutor());
    }

    @Override
    public OperationFuture<Void> acceptEitherAsync(
            CompletionStage<? extends T> other, Consumer<? super T> action, Executor executor) {
        return pair(Kind.ACCEPT_EITHER, other, action, requireExecutor(executor));
    }

    @Override
    public OperationFuture<Void> runAfterEither(CompletionStage<?> other, Runnable action) {
        return pair(Kind.RUN_EITHER, other, action, null);
    }

    @Override
    public OperationFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable action) {
        return pair(Kind.RUN_EITHER, other, action, defaultExecutor());
    }

    @Override
    public OperationFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable action, Executor executor) {
        return pair(Kind.RUN_EITHER, other, action, requireExecutor(executor));
    }

    private static Executor requireExecutor(Executor executor) {
        return Objects.requireNonNull(executor, "executor");
    }

    @Override
    public OperationFuture<T> completeAsync(Supplier<? extends T> supplier) {
        return completeAsync(supplier, defaultExecutor());
    }

    @Override
    public OperationFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        Objects.requireNonNull(supplier, "supplier");
        executor.execute(() -> {
            if (!isDone()) {
                try {
                    complete(supplier.get());
                } catch (Throwable e) {
                    completeExceptionally(new CompletionException(OperationFuture.bare(e)));
                }
            }
        });
        return (OperationFuture<T>) this;
    }

    /** Throws {@code UnsupportedOperationException}, because a delivered result never changes. */
    @Override
    public void obtrudeValue(@Nullable T value) {
        throw new UnsupportedOperationException("a result that has been delivered stays");
    }

    /** Throws {@code UnsupportedOperationException}, because a delivered result never changes. */
    @Override
    public void obtrudeException(Throwable failure) {
        throw new UnsupportedOperationException("a result that has been delivered stays");
    }
}
