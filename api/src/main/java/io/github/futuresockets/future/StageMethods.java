package io.github.futuresockets.future;

import java.util.Objects;
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

    /** Makes {@code child} a dependent of this future. If the future is done, runs {@code child} at once. */
    abstract <U> OperationFuture<U> derive(Stage<U> child);

    /** Makes {@code child} a dependent of this future, and then of the second source of {@code child}. */
    abstract <U> OperationFuture<U> derive(PairStages.Pair<U> child);

    /** Returns this object as an operation future. */
    abstract OperationFuture<T> self();

    @Override
    public <U> OperationFuture<U> thenApply(Function<? super T, ? extends U> fn) {
        return derive(new Stages.Apply<>(self(), fn, null));
    }

    @Override
    public <U> OperationFuture<U> thenApplyAsync(Function<? super T, ? extends U> fn) {
        return derive(new Stages.Apply<>(self(), fn, defaultExecutor()));
    }

    @Override
    public <U> OperationFuture<U> thenApplyAsync(Function<? super T, ? extends U> fn, Executor executor) {
        return derive(new Stages.Apply<>(self(), fn, requireExecutor(executor)));
    }

    @Override
    public OperationFuture<Void> thenAccept(Consumer<? super T> action) {
        return derive(new Stages.Accept(self(), action, null));
    }

    @Override
    public OperationFuture<Void> thenAcceptAsync(Consumer<? super T> action) {
        return derive(new Stages.Accept(self(), action, defaultExecutor()));
    }

    @Override
    public OperationFuture<Void> thenAcceptAsync(Consumer<? super T> action, Executor executor) {
        return derive(new Stages.Accept(self(), action, requireExecutor(executor)));
    }

    @Override
    public OperationFuture<Void> thenRun(Runnable action) {
        return derive(new Stages.Run(self(), action, null));
    }

    @Override
    public OperationFuture<Void> thenRunAsync(Runnable action) {
        return derive(new Stages.Run(self(), action, defaultExecutor()));
    }

    @Override
    public OperationFuture<Void> thenRunAsync(Runnable action, Executor executor) {
        return derive(new Stages.Run(self(), action, requireExecutor(executor)));
    }

    @Override
    public <U> OperationFuture<U> thenCompose(Function<? super T, ? extends CompletionStage<U>> fn) {
        return derive(new Stages.Compose<>(self(), fn, null));
    }

    @Override
    public <U> OperationFuture<U> thenComposeAsync(Function<? super T, ? extends CompletionStage<U>> fn) {
        return derive(new Stages.Compose<>(self(), fn, defaultExecutor()));
    }

    @Override
    public <U> OperationFuture<U> thenComposeAsync(
            Function<? super T, ? extends CompletionStage<U>> fn, Executor executor) {
        return derive(new Stages.Compose<>(self(), fn, requireExecutor(executor)));
    }

    @Override
    public <U> OperationFuture<U> handle(BiFunction<? super T, Throwable, ? extends U> fn) {
        return derive(new Stages.Handle<>(self(), fn, null));
    }

    @Override
    public <U> OperationFuture<U> handleAsync(BiFunction<? super T, Throwable, ? extends U> fn) {
        return derive(new Stages.Handle<>(self(), fn, defaultExecutor()));
    }

    @Override
    public <U> OperationFuture<U> handleAsync(BiFunction<? super T, Throwable, ? extends U> fn, Executor executor) {
        return derive(new Stages.Handle<>(self(), fn, requireExecutor(executor)));
    }

    @Override
    public OperationFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> action) {
        return derive(new Stages.WhenComplete<T>(self(), action, null));
    }

    @Override
    public OperationFuture<T> whenCompleteAsync(BiConsumer<? super T, ? super Throwable> action) {
        return derive(new Stages.WhenComplete<T>(self(), action, defaultExecutor()));
    }

    @Override
    public OperationFuture<T> whenCompleteAsync(BiConsumer<? super T, ? super Throwable> action, Executor executor) {
        return derive(new Stages.WhenComplete<T>(self(), action, requireExecutor(executor)));
    }

    @Override
    public OperationFuture<T> exceptionally(Function<Throwable, ? extends T> fn) {
        return derive(new Stages.Exceptionally<T>(self(), fn, null));
    }

    @Override
    public OperationFuture<T> exceptionallyAsync(Function<Throwable, ? extends T> fn) {
        return derive(new Stages.Exceptionally<T>(self(), fn, defaultExecutor()));
    }

    @Override
    public OperationFuture<T> exceptionallyAsync(Function<Throwable, ? extends T> fn, Executor executor) {
        return derive(new Stages.Exceptionally<T>(self(), fn, requireExecutor(executor)));
    }

    @Override
    public OperationFuture<T> exceptionallyCompose(Function<Throwable, ? extends CompletionStage<T>> fn) {
        return derive(new Stages.ExceptionallyCompose<T>(self(), fn, null));
    }

    @Override
    public OperationFuture<T> exceptionallyComposeAsync(Function<Throwable, ? extends CompletionStage<T>> fn) {
        return derive(new Stages.ExceptionallyCompose<T>(self(), fn, defaultExecutor()));
    }

    @Override
    public OperationFuture<T> exceptionallyComposeAsync(
            Function<Throwable, ? extends CompletionStage<T>> fn, Executor executor) {
        return derive(new Stages.ExceptionallyCompose<T>(self(), fn, requireExecutor(executor)));
    }

    @Override
    public <U, V> OperationFuture<V> thenCombine(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
        return derive(new PairStages.Combine<V>(self(), other, fn, null));
    }

    @Override
    public <U, V> OperationFuture<V> thenCombineAsync(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
        return derive(new PairStages.Combine<V>(self(), other, fn, defaultExecutor()));
    }

    @Override
    public <U, V> OperationFuture<V> thenCombineAsync(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn, Executor executor) {
        return derive(new PairStages.Combine<V>(self(), other, fn, requireExecutor(executor)));
    }

    @Override
    public <U> OperationFuture<Void> thenAcceptBoth(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
        return derive(new PairStages.AcceptBoth(self(), other, action, null));
    }

    @Override
    public <U> OperationFuture<Void> thenAcceptBothAsync(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
        return derive(new PairStages.AcceptBoth(self(), other, action, defaultExecutor()));
    }

    @Override
    public <U> OperationFuture<Void> thenAcceptBothAsync(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action, Executor executor) {
        return derive(new PairStages.AcceptBoth(self(), other, action, requireExecutor(executor)));
    }

    @Override
    public OperationFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable action) {
        return derive(new PairStages.RunBoth(self(), other, action, null));
    }

    @Override
    public OperationFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable action) {
        return derive(new PairStages.RunBoth(self(), other, action, defaultExecutor()));
    }

    @Override
    public OperationFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable action, Executor executor) {
        return derive(new PairStages.RunBoth(self(), other, action, requireExecutor(executor)));
    }

    @Override
    public <U> OperationFuture<U> applyToEither(CompletionStage<? extends T> other, Function<? super T, U> fn) {
        return derive(new PairStages.ApplyEither<U>(self(), other, fn, null));
    }

    @Override
    public <U> OperationFuture<U> applyToEitherAsync(CompletionStage<? extends T> other, Function<? super T, U> fn) {
        return derive(new PairStages.ApplyEither<U>(self(), other, fn, defaultExecutor()));
    }

    @Override
    public <U> OperationFuture<U> applyToEitherAsync(
            CompletionStage<? extends T> other, Function<? super T, U> fn, Executor executor) {
        return derive(new PairStages.ApplyEither<U>(self(), other, fn, requireExecutor(executor)));
    }

    @Override
    public OperationFuture<Void> acceptEither(CompletionStage<? extends T> other, Consumer<? super T> action) {
        return derive(new PairStages.AcceptEither(self(), other, action, null));
    }

    @Override
    public OperationFuture<Void> acceptEitherAsync(CompletionStage<? extends T> other, Consumer<? super T> action) {
        return derive(new PairStages.AcceptEither(self(), other, action, defaultExecutor()));
    }

    @Override
    public OperationFuture<Void> acceptEitherAsync(
            CompletionStage<? extends T> other, Consumer<? super T> action, Executor executor) {
        return derive(new PairStages.AcceptEither(self(), other, action, requireExecutor(executor)));
    }

    @Override
    public OperationFuture<Void> runAfterEither(CompletionStage<?> other, Runnable action) {
        return derive(new PairStages.RunEither(self(), other, action, null));
    }

    @Override
    public OperationFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable action) {
        return derive(new PairStages.RunEither(self(), other, action, defaultExecutor()));
    }

    @Override
    public OperationFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable action, Executor executor) {
        return derive(new PairStages.RunEither(self(), other, action, requireExecutor(executor)));
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
                    completeExceptionally(new CompletionException(unwrap(e)));
                }
            }
        });
        return self();
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
