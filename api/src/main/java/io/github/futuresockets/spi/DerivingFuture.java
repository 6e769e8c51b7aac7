package io.github.futuresockets.spi;

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
 * The methods by which one stage is made of another, each in its three forms, all ending in {@link #derive}. Nothing else
 * is here: what a derived future is, {@link Derived} says. The JDK's own versions are never called: they wrap failures, they
 * give a canceller no way back to the operation, and they take two objects where one does.
 */
abstract class DerivingFuture<T> extends DependentStack<T> {

    /** Hangs {@code child} on this future. */
    abstract <U> OperationFuture<U> derive(Derived<U> child);

    /** Hangs {@code child} on this future, and then on the second one. */
    abstract <U> OperationFuture<U> derive(PairedStages.Pair<U> child);

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
        return derive(new PairedStages.Combine<V>(self(), other, fn, null));
    }

    @Override
    public <U, V> OperationFuture<V> thenCombineAsync(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
        return derive(new PairedStages.Combine<V>(self(), other, fn, defaultExecutor()));
    }

    @Override
    public <U, V> OperationFuture<V> thenCombineAsync(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn, Executor executor) {
        return derive(new PairedStages.Combine<V>(self(), other, fn, requireExecutor(executor)));
    }

    @Override
    public <U> OperationFuture<Void> thenAcceptBoth(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
        return derive(new PairedStages.AcceptBoth(self(), other, action, null));
    }

    @Override
    public <U> OperationFuture<Void> thenAcceptBothAsync(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
        return derive(new PairedStages.AcceptBoth(self(), other, action, defaultExecutor()));
    }

    @Override
    public <U> OperationFuture<Void> thenAcceptBothAsync(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action, Executor executor) {
        return derive(new PairedStages.AcceptBoth(self(), other, action, requireExecutor(executor)));
    }

    @Override
    public OperationFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable action) {
        return derive(new PairedStages.RunBoth(self(), other, action, null));
    }

    @Override
    public OperationFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable action) {
        return derive(new PairedStages.RunBoth(self(), other, action, defaultExecutor()));
    }

    @Override
    public OperationFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable action, Executor executor) {
        return derive(new PairedStages.RunBoth(self(), other, action, requireExecutor(executor)));
    }

    @Override
    public <U> OperationFuture<U> applyToEither(CompletionStage<? extends T> other, Function<? super T, U> fn) {
        return derive(new PairedStages.ApplyEither<U>(self(), other, fn, null));
    }

    @Override
    public <U> OperationFuture<U> applyToEitherAsync(CompletionStage<? extends T> other, Function<? super T, U> fn) {
        return derive(new PairedStages.ApplyEither<U>(self(), other, fn, defaultExecutor()));
    }

    @Override
    public <U> OperationFuture<U> applyToEitherAsync(
            CompletionStage<? extends T> other, Function<? super T, U> fn, Executor executor) {
        return derive(new PairedStages.ApplyEither<U>(self(), other, fn, requireExecutor(executor)));
    }

    @Override
    public OperationFuture<Void> acceptEither(CompletionStage<? extends T> other, Consumer<? super T> action) {
        return derive(new PairedStages.AcceptEither(self(), other, action, null));
    }

    @Override
    public OperationFuture<Void> acceptEitherAsync(CompletionStage<? extends T> other, Consumer<? super T> action) {
        return derive(new PairedStages.AcceptEither(self(), other, action, defaultExecutor()));
    }

    @Override
    public OperationFuture<Void> acceptEitherAsync(
            CompletionStage<? extends T> other, Consumer<? super T> action, Executor executor) {
        return derive(new PairedStages.AcceptEither(self(), other, action, requireExecutor(executor)));
    }

    @Override
    public OperationFuture<Void> runAfterEither(CompletionStage<?> other, Runnable action) {
        return derive(new PairedStages.RunEither(self(), other, action, null));
    }

    @Override
    public OperationFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable action) {
        return derive(new PairedStages.RunEither(self(), other, action, defaultExecutor()));
    }

    @Override
    public OperationFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable action, Executor executor) {
        return derive(new PairedStages.RunEither(self(), other, action, requireExecutor(executor)));
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

    /** Refused: a result that has been delivered stays. */
    @Override
    public void obtrudeValue(@Nullable T value) {
        throw new UnsupportedOperationException("a result that has been delivered stays");
    }

    /** Refused: a result that has been delivered stays. */
    @Override
    public void obtrudeException(Throwable failure) {
        throw new UnsupportedOperationException("a result that has been delivered stays");
    }
}
