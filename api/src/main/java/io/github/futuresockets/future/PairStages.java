package io.github.futuresockets.future;

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
 * The stages with two sources. The pair itself is a dependent of the first source, and a {@link Join} is a dependent of
 * the second source. A gate decides which of the two outcomes runs the function. For the "both" methods, the later
 * outcome does. For the "either" methods, the earlier outcome does.
 */
@SuppressWarnings("unchecked")
final class PairStages {
    private PairStages() {}

    /** The value or the failure of a source. */
    private record Outcome(@Nullable Object value, @Nullable Throwable failure) {}

    /** The dependent of the second source. The second source counts as awaited while the pair is pending. */
    private static final class Join extends Stage<Void> {
        private final Pair<?> pair;

        Join(OperationFuture<?> other, Pair<?> pair) {
            super(other, pair, null);
            this.pair = pair;
        }

        @Override
        @Nullable Stage<?> apply(Object work, @Nullable Object value, @Nullable Throwable failure) {
            done(null, null);
            return pair.arrived(new Outcome(value, failure), false);
        }

        @Override
        boolean isFor(@Nullable Throwable failure) {
            return true;
        }

        @Override
        Stage<?> follower() {
            return pair;
        }

        @Override
        boolean isOver() {
            return pair.isSettled();
        }
    }

    /** A stage with two sources. */
    abstract static class Pair<T> extends Stage<T> {
        private static final Object PAIRED = new Object();

        /** The gate. True after the first outcome of either source has passed. */
        private final AtomicBoolean gate = new AtomicBoolean();

        private final @Nullable Executor executor;
        private final @Nullable Join join;

        /** The second source until {@link #followOther}. Used by the deriving thread alone. */
        private @Nullable CompletableFuture<?> other;

        // Ordered by the gate. Each source writes its own outcome before its pass, and the last reader clears all
        // three.
        private @Nullable Object function;
        private @Nullable Outcome mine;
        private @Nullable Outcome others;

        /**
         * A future whose completion removes this pair from a second source of another class. Set before the final check
         * for completion of the pair.
         */
        private volatile @Nullable CompletableFuture<Object> watch;

        Pair(OperationFuture<?> source, CompletionStage<?> other, Object function, @Nullable Executor executor) {
            super(source, PAIRED, null);
            this.function = Objects.requireNonNull(function, "function");
            this.executor = executor;
            this.other = Objects.requireNonNull(other.toCompletableFuture(), "other");
            this.join = this.other instanceof OperationFuture<?> own ? new Join(own, this) : null;
        }

        /**
         * Starts to wait for the second source. Called after the first source has the pair, so that the outcome of the
         * first source comes first if both sources are done.
         */
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

        /**
         * Waits for a second source of another class. Because {@code anyOf} removes its dependents from the slower
         * sources, the pair can leave the second source early.
         */
        private void watch(CompletableFuture<?> second) {
            CompletableFuture<Object> over = new CompletableFuture<>();
            watch = over;
            CompletableFuture.anyOf(second, over).whenComplete((value, failure) -> {
                Outcome outcome = new Outcome(value, failure == null ? null : unwrap(failure));
                Trampoline.run(() -> arrived(outcome, false));
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

        /** Removes the pair from its second source. */
        private void leaveOther() {
            CompletableFuture<Object> over = watch;
            if (join != null) {
                join.leave();
            } else if (over != null) {
                over.complete(null);
            }
        }

        /** Completes the pair and removes the pair from a source that is still pending. */
        private @Nullable Stage<?> conclude(@Nullable Object value, @Nullable Throwable failure) {
            OperationFuture<?> source = source();
            Stage<?> ready = done(value, failure);
            if (source != null) {
                source.died();
            }
            leaveOther();
            return ready;
        }

        @Override
        final @Nullable Stage<?> apply(Object work, @Nullable Object value, @Nullable Throwable failure) {
            return arrived(new Outcome(value, failure), true);
        }

        @Override
        final boolean isFor(@Nullable Throwable failure) {
            return true;
        }

        /**
         * Receives the outcome of a source and returns the dependents to run. Each source writes its own field before
         * it passes the gate, so the gate orders the writes.
         */
        final @Nullable Stage<?> arrived(Outcome outcome, boolean first) {
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

        private @Nullable Stage<?> finish(Object todo, Outcome one, Outcome two) {
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
        final @Nullable Stage<?> otherSide() {
            return join;
        }

        @Override
        final @Nullable OperationFuture<?> awaited() {
            OperationFuture<?> first = source();
            return first == null || !first.isSettled() ? first : join == null ? null : join.source();
        }

        /** Returns true for an "either" method, false for a "both" method. */
        boolean either() {
            return false;
        }

        /** Calls the function with the values of the sources. For an "either" method, both values are the same. */
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
