package io.github.futuresockets;

import io.github.futuresockets.compose.ConcurrentForEach;
import io.github.futuresockets.compose.SequentialLoop;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asynchronous loops with constant stack and constant memory, for any number of turns, including turns that complete at
 * once.
 *
 * <p><b>Threads.</b> The first turn runs on the caller's thread. Each later turn runs on the thread that has completed
 * the turn before.
 *
 * <p><b>Failures.</b> An exception of a function or a failure of a stage ends the loop. The loop's future fails with
 * this failure, bare.
 *
 * <p><b>Cancellation and timeouts.</b> A {@code cancel} or a time-out of the loop's future cancels the stages in
 * progress and begins no further turn. For derived futures, clause 5 of the
 * {@linkplain io.github.futuresockets contract} applies. If the loop has already taken an item from the source, the
 * body still receives the item, and the body's stage is cancelled at once. So no taken item is lost. A cancel does not
 * wait for a function that another thread is calling. The stage that this function returns is cancelled too.
 */
public final class AsyncLoop {
    private AsyncLoop() {}

    /**
     * Repeats a body while its stages complete with true.
     *
     * @param body begins a turn
     * @return done when a turn gives false. Fails with {@link NullPointerException} if the body returns no stage or a
     *     stage gives null
     */
    public static CompletableFuture<Void> whileTrue(Supplier<? extends CompletionStage<Boolean>> body) {
        Objects.requireNonNull(body, "body");
        return start(body, context -> new WhileTrue(context, body));
    }

    /**
     * Gives each item of a source to a body, in sequence, as in {@code forEach(socket::readLine, socket::writeLine)}.
     *
     * <p>The loop asks for the next item when the body's stage for the previous item is done. If this stage is a
     * coalesced write that needs nothing more from the caller, the loop asks for the next item without waiting. The
     * loop completes only after these writes, and fails if such a write fails.
     *
     * @param <T> the type of the items
     * @param source returns a stage of the next item; a null item ends the loop
     * @param body handles an item; a null stage counts as done
     * @return done when the source has ended. Fails with {@link NullPointerException} if the source returns no stage
     */
    public static <T> CompletableFuture<Void> forEach(
            Supplier<? extends CompletionStage<? extends T>> source,
            Function<? super T, ? extends @Nullable CompletionStage<?>> body) {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(body, "body");
        return start(source, context -> new ForEach<T>(context, source, body));
    }

    /**
     * Gives each item to a body, with several items in progress at once. The first failure cancels all other stages and
     * ends the loop.
     *
     * @param <T> the type of the items
     * @param items the items; iterated as room becomes free, never by two threads at once
     * @param width the maximum number of items in progress, at least 1
     * @param body handles an item; a null stage counts as done
     * @return done when all stages are done
     * @throws IllegalArgumentException if {@code width} is less than 1
     */
    public static <T> CompletableFuture<Void> forEach(
            Iterable<? extends T> items, int width, Function<? super T, ? extends @Nullable CompletionStage<?>> body) {
        Objects.requireNonNull(body, "body");
        if (width < 1) {
            throw new IllegalArgumentException("width " + width + " is less than 1");
        }
        Iterator<? extends T> all;
        CompletionStage<?> first;
        try {
            all = items.iterator();
            first = all.hasNext() ? body.apply(all.next()) : null;
        } catch (Throwable e) {
            return OperationFuture.failed(null, OperationFuture.bare(e));
        }
        ConcurrentForEach<T> fan =
                new ConcurrentForEach<>(OperationFuture.contextOf(first), "forEach", all, width, body);
        fan.begin(first);
        fan.advance();
        return fan;
    }

    private static CompletableFuture<Void> start(
            Supplier<? extends CompletionStage<?>> first, Function<@Nullable IoContext, SequentialLoop> loop) {
        CompletionStage<?> stage;
        try {
            stage = stageOf(first);
        } catch (Throwable e) {
            return OperationFuture.failed(null, e);
        }
        SequentialLoop turns = loop.apply(OperationFuture.contextOf(stage));
        turns.begin(stage);
        return turns;
    }

    private static <S extends CompletionStage<?>> S stageOf(Supplier<S> supplier) {
        return Objects.requireNonNull(supplier.get(), "no stage was given");
    }

    private static final class WhileTrue extends SequentialLoop {
        private final Supplier<? extends CompletionStage<Boolean>> body;

        WhileTrue(@Nullable IoContext context, Supplier<? extends CompletionStage<Boolean>> body) {
            super(context);
            this.body = body;
        }

        @Override
        protected @Nullable CompletionStage<?> next(@Nullable Object last) {
            boolean more = (Boolean) Objects.requireNonNull(last, "a turn gave neither true nor false");
            return more && !isStopped() ? stageOf(body) : null;
        }

        @Override
        protected String describe() {
            return describe("whileTrue");
        }
    }

    private static final class ForEach<T> extends SequentialLoop {
        private final Supplier<? extends CompletionStage<? extends T>> source;
        private final Function<? super T, ? extends @Nullable CompletionStage<?>> body;

        /** True while the stage in progress is the body's stage. Confined to the thread that drives the loop. */
        private boolean handling;

        ForEach(
                @Nullable IoContext context,
                Supplier<? extends CompletionStage<? extends T>> source,
                Function<? super T, ? extends @Nullable CompletionStage<?>> body) {
            super(context);
            this.source = source;
            this.body = body;
        }

        @Override
        @SuppressWarnings("unchecked")
        public @Nullable CompletionStage<?> next(@Nullable Object last) {
            if (!handling) {
                if (last == null) {
                    return null;
                }
                CompletionStage<?> stage = body.apply((T) last);
                if (stage != null) {
                    handling = true;
                    return stage;
                }
            }
            handling = false;
            return isStopped() ? null : stageOf(source);
        }

        @Override
        protected String describe() {
            return describe("forEach");
        }
    }
}
