package io.github.futuresockets.future;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stage with two sources. The stage itself is a dependent of the first source, and a further node is the dependent of
 * the second source.
 */
final class PairStage<T> extends Stage<T> {
    /*
     * `arrived` counts the outcomes of the two sources. Transition: 0 -> 1 -> 2, by the thread with the outcome. The
     * later outcome decides a "both" method, and the earlier outcome decides an "either" method. The thread with the
     * deciding outcome calls the function.
     *
     * `value` and `failure` are the outcome of the second source, kept for a "both" method. Written before the increment
     * of the second source, and read after both increments. The outcome of the first source is read from the source.
     *
     * At the end of the stage, `letGo` removes the stage from its sources. `follow` adds the stage to the second source
     * and then reads the result. Therefore `letGo` or `follow` removes the stage, whichever comes later. `letGo` adds 2
     * to `arrived`, so that no later outcome decides, and clears the outcome unless a deciding thread may read the
     * outcome. A thread that reads `function` as null ends its work.
     */
    /** The methods with two sources. An "either" method gives the earlier value to its function. */
    enum Kind {
        COMBINE,
        ACCEPT_BOTH,
        RUN_BOTH,
        APPLY_EITHER,
        ACCEPT_EITHER,
        RUN_EITHER;

        boolean isEither() {
            return compareTo(APPLY_EITHER) >= 0;
        }
    }

    /** The work of a pair. The function has a field of its own, because the function may have to wait. */
    static final Object PAIRED = new Object();

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<PairStage> ARRIVED =
            AtomicIntegerFieldUpdater.newUpdater(PairStage.class, "arrived");

    /** The dependent of a second source of this library. The second source is awaited while the pair is pending. */
    private static final class Second extends Stage<Void> {
        @Override
        @Nullable Stage<?> apply(Object pair, @Nullable Object value, @Nullable Throwable failure) {
            forget();
            return ((PairStage<?>) pair).arriveSecond(value, failure);
        }

        @Override
        boolean isFor(@Nullable Throwable failure) {
            return true;
        }

        @Override
        @Nullable Stage<?> follower() {
            return (Stage<?>) work();
        }

        @Override
        boolean isOver() {
            Stage<?> pair = follower();
            return pair == null || pair.isSettled();
        }
    }

    private final Kind kind;

    /** The function, or an Async with function and executor. Null after the end. */
    private @Nullable Object function;

    /**
     * A Second. For a second source of another class, the future whose completion removes the pair from this source.
     * Then set before the final check for completion of the pair.
     */
    private volatile @Nullable CompletableFuture<?> second;

    private volatile int arrived;

    // Ordered by arrived.
    private @Nullable Object value;
    private @Nullable Throwable failure;

    /** Creates a pair, not yet a dependent of either source. {@code other} is passed to {@link #follow} later. */
    PairStage(Kind kind, CompletableFuture<?> other, Object fn, @Nullable Executor executor) {
        Objects.requireNonNull(fn, "function");
        this.kind = kind;
        this.function = executor == null ? fn : new Async(fn, executor);
        this.second = other instanceof OperationFuture<?> own ? new Second().on(own, this, null) : null;
    }

    /**
     * Starts to wait for the second source. Called after the first source has the pair, so that the outcome of the
     * first source comes first if both sources are done.
     */
    void follow(CompletableFuture<?> other) {
        if (isSettled() || kind.isEither() && arrived > 0) {
            return;
        }
        if (!(second instanceof Second mine)) {
            watch(other);
        } else if (!((OperationFuture<?>) other).push(mine)) {
            run(mine.take());
        } else if (isSettled()) {
            ((OperationFuture<?>) other).died();
        }
    }

    /**
     * Waits for a second source of another class. Because {@code anyOf} removes its dependents from the slower sources,
     * the pair can leave the second source early.
     */
    private void watch(CompletableFuture<?> other) {
        CompletableFuture<Object> over = new CompletableFuture<>();
        second = over;
        CompletableFuture.anyOf(other, over).whenComplete((result, failed) -> {
            Throwable reason = failed == null ? null : bare(failed);
            Trampoline.run(() -> arriveSecond(result, reason));
        });
        if (isSettled()) {
            over.complete(null);
        }
    }

    /** Receives the outcome of the first source, and returns the dependents to run. */
    @Override
    @Nullable Stage<?> apply(Object paired, @Nullable Object result, @Nullable Throwable failed) {
        return isDecided() ? finish(result, value, failed != null ? failed : failure) : null;
    }

    private @Nullable Stage<?> arriveSecond(@Nullable Object result, @Nullable Throwable failed) {
        if (kind.isEither()) {
            return isDecided() ? finish(result, null, failed) : null;
        }
        value = result;
        failure = failed;
        OperationFuture<?> first = isDecided() ? source() : null;
        if (first == null) {
            return null;
        }
        Throwable earlier = first.failure();
        return finish(earlier == null ? first.value() : null, result, earlier != null ? earlier : failed);
    }

    /** Counts an outcome. Returns true if the outcome decides. */
    private boolean isDecided() {
        return ARRIVED.getAndIncrement(this) == (kind.isEither() ? 0 : 1);
    }

    private @Nullable Stage<?> finish(@Nullable Object one, @Nullable Object two, @Nullable Throwable failed) {
        Object todo = function;
        if (todo == null || isSettled()) {
            return null;
        }
        if (failed != null) {
            return done(null, failed);
        }
        if (!(todo instanceof Async async)) {
            return call(todo, one, two);
        }
        try {
            async.executor().execute(() -> run(isSettled() ? null : call(async.work(), one, two)));
            return null;
        } catch (Throwable rejected) {
            return done(null, rejected);
        }
    }

    /** Calls the function. The casts are unchecked, because the methods in {@link StageMethods} check the types. */
    @SuppressWarnings("unchecked")
    private @Nullable Stage<?> call(Object fn, @Nullable Object one, @Nullable Object two) {
        try {
            switch (kind) {
                case COMBINE:
                    return done(((BiFunction<Object, Object, Object>) fn).apply(one, two), null);
                case APPLY_EITHER:
                    return done(((Function<Object, Object>) fn).apply(one), null);
                case ACCEPT_BOTH:
                    ((BiConsumer<Object, Object>) fn).accept(one, two);
                    break;
                case ACCEPT_EITHER:
                    ((Consumer<Object>) fn).accept(one);
                    break;
                default:
                    ((Runnable) fn).run();
            }
            return done(null, null);
        } catch (Throwable e) {
            return done(null, e);
        }
    }

    @Override
    boolean isFor(@Nullable Throwable failed) {
        return true;
    }

    @Override
    void forget() {
        letGo();
        value = null;
        failure = null;
        super.forget();
    }

    @Override
    void letGo() {
        super.letGo();
        CompletableFuture<?> other = second;
        if (other instanceof Second mine) {
            mine.letGo();
        } else if (other != null) {
            other.complete(null);
        }
        function = null;
        if (ARRIVED.getAndAdd(this, 2) < 2) {
            value = null;
            failure = null;
        }
    }

    @Override
    @Nullable Stage<?> otherSide() {
        return second instanceof Second mine ? mine : null;
    }

    @Override
    @Nullable OperationFuture<?> awaited() {
        OperationFuture<?> first = source();
        Stage<?> otherSide = otherSide();
        return first == null || !first.isSettled() ? first : otherSide == null ? null : otherSide.source();
    }
}
