package io.github.futuresockets.spi;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the stages with two sources do: a {@link Join} follows the second source and a gate decides which of the two ends
 * runs the function, the later one for the "both" methods, the earlier one for the "either" methods.
 */
@SuppressWarnings("unchecked")
final class PairedStages {
    private PairedStages() {}

    /** One outcome, in the form in which it goes from a source to its pair. */
    private record Outcome(@Nullable Object value, @Nullable Throwable failure) {}

    /** Follows the second source for {@code pair}; keeps it alive as long as the pair waits. */
    private static final class Join extends Derived<Void> {
        private final Pair<?> pair;

        Join(OperationFuture<?> other, Pair<?> pair) {
            super(other, pair, null);
            this.pair = pair;
        }

        @Override
        @Nullable Derived<?> apply(Object work, @Nullable Object value, @Nullable Throwable failure) {
            done(null, null);
            return pair.arrived(new Outcome(value, failure), false);
        }

        @Override
        boolean isFor(@Nullable Throwable failure) {
            return true;
        }

        @Override
        Derived<?> follower() {
            return pair;
        }

        @Override
        boolean isOver() {
            return pair.isSettled();
        }
    }

    abstract static class Pair<T> extends Derived<T> {
        private static final Object PAIRED = new Object();

        private final AtomicBoolean gate = new AtomicBoolean();
        private final @Nullable Executor executor;
        private final @Nullable Join join;
        private @Nullable CompletableFuture<?> other;
        private @Nullable Object function;
        private @Nullable Outcome mine;
        private @Nullable Outcome others;

        /** Ends the watch over a second source of another class. Set before a last look at whether this is over. */
        private volatile @Nullable CompletableFuture<Object> watch;

        Pair(OperationFuture<?> source, CompletionStage<?> other, Object function, @Nullable Executor executor) {
            super(source, PAIRED, null);
            this.function = Objects.requireNonNull(function, "function");
            this.executor = executor;
            this.other = Objects.requireNonNull(other.toCompletableFuture(), "other");
            this.join =
                    this.other instanceof OperationFuture<?> ? new Join((OperationFuture<?>) this.other, this) : null;
        }

        /** Comes after the first source has been followed: of two that are done the first one has come first. */
        final void followOther() {
            CompletableFuture<?> second = other;
            other = null;
            if (second == null || isSettled() || either() && gate.get()) {
                return;
            }
            if (join == null) {
                watch(second);
            } else if (!((OperationFuture<?>) second).push(join)) {
                run(join.take());
            } else if (isSettled()) {
                ((OperationFuture<?>) second).died();
            }
        }

        /** By the one method of the JDK that takes itself off the future that has not won. */
        private void watch(CompletableFuture<?> second) {
            CompletableFuture<Object> over = new CompletableFuture<>();
            watch = over;
            CompletableFuture.anyOf(second, over).whenComplete((value, failure) -> {
                Outcome outcome = new Outcome(value, failure == null ? null : unwrap(failure));
                Crossing.run(() -> arrived(outcome, false));
            });
            if (isSettled()) {
                over.complete(null);
            }
        }

        @Override
        final void letGo() {
            leave();
            leaveOther();
        }

        private void leaveOther() {
            CompletableFuture<Object> over = watch;
            if (join != null) {
                join.leave();
            } else if (over != null) {
                over.complete(null);
            }
        }

        /** Of two sources the one that has not come in is let go. */
        private @Nullable Derived<?> conclude(@Nullable Object value, @Nullable Throwable failure) {
            OperationFuture<?> source = source();
            Derived<?> ready = done(value, failure);
            if (source != null) {
                source.died();
            }
            leaveOther();
            return ready;
        }

        @Override
        final @Nullable Derived<?> apply(Object work, @Nullable Object value, @Nullable Throwable failure) {
            return arrived(new Outcome(value, failure), true);
        }

        @Override
        final boolean isFor(@Nullable Throwable failure) {
            return true;
        }

        /** The gate orders the two fields: each source writes its own before it passes. */
        final @Nullable Derived<?> arrived(Outcome outcome, boolean first) {
            if (first) {
                mine = outcome;
            } else {
                others = outcome;
            }
            if (gate.getAndSet(true) == either()) {
                return null;
            }
            Outcome one = either() ? outcome : mine;
            Outcome two = either() ? outcome : others;
            Object todo = function;
            mine = null;
            others = null;
            function = null;
            if (one == null || two == null || todo == null || isSettled()) {
                return null;
            }
            if (executor == null || one.failure != null || two.failure != null) {
                return finish(todo, one, two);
            }
            try {
                executor.execute(() -> run(isSettled() ? null : finish(todo, one, two)));
                return null;
            } catch (Throwable rejected) {
                return conclude(null, rejected);
            }
        }

        private @Nullable Derived<?> finish(Object todo, Outcome one, Outcome two) {
            Throwable failure = one.failure != null ? one.failure : two.failure;
            if (failure != null) {
                return conclude(null, failure);
            }
            Object value;
            try {
                value = call(todo, one.value, two.value);
            } catch (Throwable e) {
                return conclude(null, e);
            }
            return conclude(value, null);
        }

        @Override
        final @Nullable Derived<?> otherSide() {
            return join;
        }

        @Override
        final @Nullable OperationFuture<?> awaited() {
            OperationFuture<?> first = source();
            return first == null || !first.isSettled() ? first : join == null ? null : join.source();
        }

        boolean either() {
            return false;
        }

        abstract @Nullable Object call(Object fn, @Nullable Object one, @Nullable Object two);
    }

    private abstract static class Either<T> extends Pair<T> {
        Either(OperationFuture<?> source, CompletionStage<?> other, Object function, @Nullable Executor executor) {
            super(source, other, function, executor);
        }

        @Override
        final boolean either() {
            return true;
        }
    }

    static final class Combine<V> extends Pair<V> {
        Combine(
                OperationFuture<?> source,
                CompletionStage<?> other,
                BiFunction<?, ?, ?> fn,
                @Nullable Executor executor) {
            super(source, other, fn, executor);
        }

        @Override
        @Nullable Object call(Object fn, @Nullable Object one, @Nullable Object two) {
            return ((BiFunction<Object, Object, Object>) fn).apply(one, two);
        }
    }

    static final class AcceptBoth extends Pair<Void> {
        AcceptBoth(
                OperationFuture<?> source, CompletionStage<?> other, BiConsumer<?, ?> fn, @Nullable Executor executor) {
            super(source, other, fn, executor);
        }

        @Override
        @Nullable Object call(Object fn, @Nullable Object one, @Nullable Object two) {
            ((BiConsumer<Object, Object>) fn).accept(one, two);
            return null;
        }
    }

    static final class RunBoth extends Pair<Void> {
        RunBoth(OperationFuture<?> source, CompletionStage<?> other, Runnable action, @Nullable Executor executor) {
            super(source, other, action, executor);
        }

        @Override
        @Nullable Object call(Object action, @Nullable Object one, @Nullable Object two) {
            ((Runnable) action).run();
            return null;
        }
    }

    static final class ApplyEither<U> extends Either<U> {
        ApplyEither(
                OperationFuture<?> source, CompletionStage<?> other, Function<?, ?> fn, @Nullable Executor executor) {
            super(source, other, fn, executor);
        }

        @Override
        @Nullable Object call(Object fn, @Nullable Object one, @Nullable Object two) {
            return ((Function<Object, Object>) fn).apply(one);
        }
    }

    static final class AcceptEither extends Either<Void> {
        AcceptEither(
                OperationFuture<?> source, CompletionStage<?> other, Consumer<?> action, @Nullable Executor executor) {
            super(source, other, action, executor);
        }

        @Override
        @Nullable Object call(Object action, @Nullable Object one, @Nullable Object two) {
            ((Consumer<Object>) action).accept(one);
            return null;
        }
    }

    static final class RunEither extends Either<Void> {
        RunEither(OperationFuture<?> source, CompletionStage<?> other, Runnable action, @Nullable Executor executor) {
            super(source, other, action, executor);
        }

        @Override
        @Nullable Object call(Object action, @Nullable Object one, @Nullable Object two) {
            ((Runnable) action).run();
            return null;
        }
    }
}
