package io.github.futuresockets.future;

import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stages with a single source. The class of a stage is its kind, because a field for the kind would enlarge a stage
 * from 40 to 48 bytes. The casts of the functions are unchecked, because the methods in {@link StageMethods} check the
 * types.
 */
@SuppressWarnings("unchecked")
final class Stages {
    private Stages() {}

    static final class Apply<U> extends Stage<U> {
        @Override
        @Nullable Stage<?> apply(Object fn, @Nullable Object value, @Nullable Throwable failure) {
            return done(((Function<Object, Object>) fn).apply(value), null);
        }
    }

    static final class Accept extends Stage<Void> {
        @Override
        @Nullable Stage<?> apply(Object action, @Nullable Object value, @Nullable Throwable failure) {
            ((Consumer<Object>) action).accept(value);
            return done(null, null);
        }
    }

    static final class Run extends Stage<Void> {
        @Override
        @Nullable Stage<?> apply(Object action, @Nullable Object value, @Nullable Throwable failure) {
            ((Runnable) action).run();
            return done(null, null);
        }
    }

    static final class Compose<U> extends Stage<U> {
        @Override
        @Nullable Stage<?> apply(Object fn, @Nullable Object value, @Nullable Throwable failure) {
            return relay(((Function<Object, CompletionStage<?>>) fn).apply(value));
        }
    }

    static final class Handle<U> extends Stage<U> {
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
        @Override
        @Nullable Stage<?> apply(Object fn, @Nullable Object value, @Nullable Throwable failure) {
            return relay(((Function<@Nullable Throwable, CompletionStage<?>>) fn).apply(failure));
        }

        @Override
        boolean isFor(@Nullable Throwable failure) {
            return failure != null;
        }
    }

    /** An observer of a future. Calls its action when the future is done, and is no waiter. */
    static final class Aside extends Stage<Void> {
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
