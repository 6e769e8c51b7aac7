package io.github.futuresockets;

import io.github.futuresockets.spi.IoContext;
import io.github.futuresockets.spi.OperationFuture;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loops over futures, in constant stack and constant memory however many turns they have and however soon a turn is done.
 *
 * <p><b>Threads.</b> A turn runs on the thread that has completed the one before, the first one on the caller's.
 *
 * <p><b>Failures.</b> What a function throws and what a stage fails with ends the loop and fails its future, bare.
 *
 * <p><b>Cancellation and timeouts.</b> Whatever ends the future of a loop from outside, {@code cancel} or {@code orTimeout},
 * also on a future derived from it as said in clause 5 of the {@linkplain io.github.futuresockets contract}, cancels the
 * stages that are in progress and begins no further turn. An item that was taken from a source by then is still given to
 * the body, whose stage is cancelled at once: nothing that was taken is lost between the two. A function that another thread
 * is calling in that moment is not waited for; the stage that it then gives is cancelled too.
 */
public final class AsyncLoop {
    private AsyncLoop() {}

    /**
     * Takes turns as long as they give true.
     *
     * @param body begins a turn
     * @return done when a turn gives false; {@link NullPointerException} if the body gives no stage, or that gives no value
     */
    public static CompletableFuture<Void> whileTrue(Supplier<? extends CompletionStage<Boolean>> body) {
        Objects.requireNonNull(body, "body");
        return start(body, context -> new WhileTrue(context, body));
    }

    /**
     * Gives each item of a source to a body, one after the other: {@code forEach(socket::readLine, socket::writeLine)}. The
     * next item is asked for when the body's stage for the one before is done; or when it is a write that has got all it needs
     * and only waits to leave together with those behind it. The loop is done, or fails, when these are too.
     *
     * @param <T> the type of the items
     * @param source gives a stage of the next item; an item that is null ends the loop
     * @param body handles an item; a stage that is null counts as done
     * @return done when the source has ended; {@link NullPointerException} if it gives no stage
     */
    public static <T> CompletableFuture<Void> forEach(
            Supplier<? extends CompletionStage<? extends T>> source,
            Function<? super T, ? extends @Nullable CompletionStage<?>> body) {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(body, "body");
        return start(source, context -> new ForEach<T>(context, source, body));
    }

    /**
     * Gives each item to a body, several at the same time. The first failure cancels the others and ends the loop.
     *
     * @param <T> the type of the items
     * @param items iterated by one thread after the other, never by two at once, as there is room for them
     * @param width how many may be in progress at once, at least 1
     * @param body handles an item; a stage that is null counts as done
     * @return done when all are
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
        Fan<T> fan = new Fan<>(OperationFuture.contextOf(first), "forEach", all, width, body);
        fan.begin(first);
        fan.advance();
        return fan;
    }

    private static CompletableFuture<Void> start(
            Supplier<? extends CompletionStage<?>> first, Function<@Nullable IoContext, Turns> loop) {
        CompletionStage<?> stage;
        try {
            stage = stageOf(first);
        } catch (Throwable e) {
            return OperationFuture.failed(null, e);
        }
        Turns turns = loop.apply(OperationFuture.contextOf(stage));
        turns.begin(stage);
        return turns;
    }

    private static <S extends CompletionStage<?>> S stageOf(Supplier<S> supplier) {
        return Objects.requireNonNull(supplier.get(), "no stage was given");
    }

    private static final class WhileTrue extends Turns {
        private final Supplier<? extends CompletionStage<Boolean>> body;

        WhileTrue(@Nullable IoContext context, Supplier<? extends CompletionStage<Boolean>> body) {
            super(context);
            this.body = body;
        }

        @Override
        @Nullable CompletionStage<?> next(@Nullable Object last) {
            boolean more = (Boolean) Objects.requireNonNull(last, "a turn gave neither true nor false");
            return more && !isStopped() ? stageOf(body) : null;
        }

        @Override
        protected String describe() {
            return describe("whileTrue");
        }
    }

    private static final class ForEach<T> extends Turns {
        private final Supplier<? extends CompletionStage<? extends T>> source;
        private final Function<? super T, ? extends @Nullable CompletionStage<?>> body;

        /** The stage in progress is the body's. The driver's. */
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
        @Nullable CompletionStage<?> next(@Nullable Object last) {
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
