package io.github.futuresockets.future;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stages with a single source. The casts of the functions are unchecked, because the methods in {@link
 * StageMethods} check the types.
 */
@SuppressWarnings("unchecked")
final class Stages {
    private Stages() {}

    static final class Apply<U> extends Stage<U> {
        Apply(OperationFuture<?> source, Function<?, ?> fn, @Nullable Executor executor) {
            super(source, fn, executor);
        }

        @Override
        @Nullable Stage<?> apply(Object fn, @Nullable Object value, @Nullable Throwable failure) {
            return done(((Function<Object, Object>) fn).apply(value), null);
        }
    }

    static final class Accept extends Stage<Void> {
        Accept(OperationFuture<?> source, Consumer<?> action, @Nullable Executor executor) {
            super(source, action, executor);
        }

        @Override
        @Nullable Stage<?> apply(Object action, @Nullable Object value, @Nullable Throwable failure) {
            ((Consumer<Object>) action).accept(value);
            return done(null, null);
        }
    }

    static final class Run extends Stage<Void> {
        Run(OperationFuture<?> source, Runnable action, @Nullable Executor executor) {
            super(source, action, executor);
        }

        @Override
        @Nullable Stage<?> apply(Object action, @Nullable Object value, @Nullable Throwable failure) {
            ((Runnable) action).run();
            return done(null, null);
        }
    }

    static final class Compose<U> extends Stage<U> {
        Compose(OperationFuture<?> source, Function<?, ?> fn, @Nullable Executor executor) {
            super(source, fn, executor);
        }

        @Override
        @Nullable Stage<?> apply(Object fn, @Nullable Object value, @Nullable Throwable failure) {
            return relay(((Function<Object, CompletionStage<?>>) fn).apply(value));
        }

        @Override
        boolean isComposing() {
            return true;
        }
    }

    static final class Handle<U> extends Stage<U> {
        Handle(OperationFuture<?> source, BiFunction<?, ?, ?> fn, @Nullable Executor executor) {
            super(source, fn, executor);
        }

        @Override
        @Nullable Stage<?> apply(Object fn, @Nullable Object value, @Nullable Throwable failure) {
            return done(((BiFunction<Object, Throwable, Object>) fn).apply(value, failure), null);
        }

        @Override
        boolean isFor(@Nullable Throwable failure) {
            return true;
        }
    }

    static final class WhenComplete<T> extends Stage<T> {
        WhenComplete(OperationFuture<T> source, BiConsumer<?, ?> action, @Nullable Executor executor) {
            super(source, action, executor);
        }

        @Override
        @Nullable Stage<?> apply(Object action, @Nullable Object value, @Nullable Throwable failure) {
            try {
                ((BiConsumer<Object, Throwable>) action).accept(value, failure);
            } catch (Throwable e) {
                if (failure == null) {
                    throw e;
                }
                if (failure != e) {
                    failure.addSuppressed(e);
                }
            }
            return done(value, failure);
        }

        @Override
        boolean isFor(@Nullable Throwable failure) {
            return true;
        }
    }

    static final class Exceptionally<T> extends Stage<T> {
        Exceptionally(OperationFuture<T> source, Function<?, ?> fn, @Nullable Executor executor) {
            super(source, fn, executor);
        }

        @Override
        @Nullable Stage<?> apply(Object fn, @Nullable Object value, @Nullable Throwable failure) {
            return done(((Function<@Nullable Throwable, Object>) fn).apply(failure), null);
        }

        @Override
        boolean isFor(@Nullable Throwable failure) {
            return failure != null;
        }
    }

    static final class ExceptionallyCompose<T> extends Stage<T> {
        ExceptionallyCompose(OperationFuture<T> source, Function<?, ?> fn, @Nullable Executor executor) {
            super(source, fn, executor);
        }

        @Override
        @Nullable Stage<?> apply(Object fn, @Nullable Object value, @Nullable Throwable failure) {
            return relay(((Function<@Nullable Throwable, CompletionStage<?>>) fn).apply(failure));
        }

        @Override
        boolean isComposing() {
            return true;
        }

        @Override
        boolean isFor(@Nullable Throwable failure) {
            return failure != null;
        }
    }

    /** An observer of a future. Calls its action when the future is done, and is no waiter. */
    static final class Aside extends Stage<Void> {
        Aside(OperationFuture<?> source, Consumer<? super @Nullable Throwable> action) {
            super(source, action, null);
        }

        @Override
        @Nullable Stage<?> apply(Object action, @Nullable Object value, @Nullable Throwable failure) {
            ((Consumer<@Nullable Throwable>) action).accept(failure);
            return done(null, null);
        }

        @Override
        boolean isFor(@Nullable Throwable failure) {
            return true;
        }

        @Override
        @Nullable Stage<?> follower() {
            return null;
        }
    }
}
