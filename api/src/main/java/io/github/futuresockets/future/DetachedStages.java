package io.github.futuresockets.future;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Futures whose cancellation withdraws nothing upstream. */
final class DetachedStages {
    private DetachedStages() {}

    /** The mark of futures that follow a source and protect the source from cancellation. */
    interface Shield {}

    /** The future of {@code copy()}. */
    static class Copy<T> extends Stage<T> implements Shield {
        @Override
        final @Nullable Stage<?> apply(Object work, @Nullable Object value, @Nullable Throwable failure) {
            return done(value, failure);
        }
    }

    /**
     * The future of {@code newIncompleteFuture()}, for users and for methods of a later JDK. The JDK may complete the
     * future by ways that cannot be overridden. Therefore the future observes its own completion through a stage of
     * another class. The JDK may also write a result without running any dependents. Therefore {@code push} checks
     * again for a result.
     */
    static final class Detached<T> extends OperationFuture<T> {
        Detached(@Nullable IoContext context) {
            super(context);
            CompletableFuture.allOf(this).whenComplete((none, failure) -> Trampoline.run(() -> close(failure)));
        }

        @Override
        boolean push(Stage<?> child) {
            boolean pushed = super.push(child);
            if (pushed && isSettled()) {
                Throwable failure = null;
                try {
                    join();
                } catch (Throwable e) {
                    failure = e;
                }
                run(close(failure));
            }
            return pushed;
        }
    }

    /**
     * The future of {@code minimalCompletionStage()}, with the methods of {@code CompletionStage} only. The methods that
     * wait or set a time-out call {@code isDone} first, and fail there.
     */
    static final class Minimal<T> extends Copy<T> {
        private static UnsupportedOperationException refused() {
            return new UnsupportedOperationException(
                    "a minimal completion stage has only the methods of CompletionStage");
        }

        @Override
        public CompletableFuture<T> toCompletableFuture() {
            return derive(new Copy<>(), RELAY, null);
        }

        @Override
        public T getNow(T valueIfAbsent) {
            throw refused();
        }

        // The next two methods override methods of a later JDK. JDK 17 lacks the result type of the third, state().

        public T resultNow() {
            throw refused();
        }

        public Throwable exceptionNow() {
            throw refused();
        }

        @Override
        public boolean complete(@Nullable T value) {
            throw refused();
        }

        @Override
        public boolean completeExceptionally(Throwable failure) {
            throw refused();
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            throw refused();
        }

        @Override
        public boolean isDone() {
            throw refused();
        }

        @Override
        public boolean isCancelled() {
            throw refused();
        }

        @Override
        public boolean isCompletedExceptionally() {
            throw refused();
        }

        @Override
        public int getNumberOfDependents() {
            throw refused();
        }

        @Override
        public OperationFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
            throw refused();
        }
    }
}
