package io.github.futuresockets.spi;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Futures whose cancellation reaches nothing upstream. */
final class Shields {
    private Shields() {}

    /** Marks those that follow a source and protect it. */
    interface Shield {}

    /** {@code copy()}. */
    static class Copy<T> extends Derived<T> implements Shield {
        Copy(OperationFuture<T> source) {
            super(source, RELAY, null);
        }

        @Override
        final @Nullable Derived<?> apply(Object work, @Nullable Object value, @Nullable Throwable failure) {
            return done(value, failure);
        }
    }

    /**
     * {@code newIncompleteFuture()}: for methods of a later JDK that are not ours, and for users. The JDK may complete it
     * by ways that cannot be overridden, so it listens to itself, as a stage of another class would. Of a future that is
     * done the JDK may also write the result into it and tell nobody: whoever hangs something on it looks again.
     */
    static final class Detached<T> extends OperationFuture<T> {
        Detached(@Nullable IoContext context) {
            super(context);
            CompletableFuture.allOf(this).whenComplete((none, failure) -> Crossing.run(() -> close(failure)));
        }

        @Override
        boolean push(Derived<?> child) {
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

    /** {@code minimalCompletionStage()}: nothing but a {@code CompletionStage}. */
    static final class Minimal<T> extends Copy<T> {
        Minimal(OperationFuture<T> source) {
            super(source);
        }

        private static UnsupportedOperationException refused() {
            return new UnsupportedOperationException(
                    "a minimal completion stage has only the methods of CompletionStage");
        }

        @Override
        public CompletableFuture<T> toCompletableFuture() {
            return derive(new Copy<>(this));
        }

        @Override
        public T get() {
            throw refused();
        }

        @Override
        public T get(long timeout, TimeUnit unit) {
            throw refused();
        }

        @Override
        public T getNow(T valueIfAbsent) {
            throw refused();
        }

        @Override
        public T join() {
            throw refused();
        }

        // These two override methods that a later JDK adds; the type of the third one, state(), is not known to 17.

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

        @Override
        public OperationFuture<T> orTimeout(long timeout, TimeUnit unit) {
            throw refused();
        }

        @Override
        public OperationFuture<T> completeOnTimeout(@Nullable T value, long timeout, TimeUnit unit) {
            throw refused();
        }
    }
}
