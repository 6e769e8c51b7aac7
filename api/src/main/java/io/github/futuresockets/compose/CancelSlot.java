package io.github.futuresockets.compose;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The place of the current item of a composition, such as the stage in progress. A cancel of the slot cancels the
 * current item, and each item that comes later.
 *
 * <p>One thread at a time sets and clears the item. Any thread may call the other methods. An item can be cancelled by
 * two threads at the same time, so a cancel of an item must be idempotent.
 *
 * @param <T> the type of the items
 */
public final class CancelSlot<T> {
    /*
     * `set` writes `item` and then reads `phase`. `cancel` writes `phase` and then reads `item`. Both fields are
     * volatile. At least one of the two threads sees the write of the other, and cancels the item.
     *
     * Transitions of `phase`: OPEN -> CANCELLED, by `cancel`. OPEN -> CLOSED, by `close`. The first of the two decides.
     */
    private static final int OPEN = 0;
    private static final int CANCELLED = 1;
    private static final int CLOSED = 2;
    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(CancelSlot.class, "phase", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Consumer<? super T> canceller;
    private volatile @Nullable T item;
    private volatile int phase;

    /**
     * Creates an open slot without an item.
     *
     * @param canceller cancels an item. Has no effect on an item that is done
     */
    public CancelSlot(Consumer<? super T> canceller) {
        this.canceller = canceller;
    }

    /**
     * Creates an open slot for stages.
     *
     * @param <S> the type of the stages
     * @return a slot that cancels by {@link #cancel(CompletionStage)}
     */
    public static <S extends CompletionStage<?>> CancelSlot<S> ofStage() {
        return new CancelSlot<>(CancelSlot::cancel);
    }

    /**
     * Sets the current item. If the slot is cancelled, cancels the item.
     *
     * @param next the item
     */
    public void set(T next) {
        item = next;
        if (phase == CANCELLED) {
            canceller.accept(next);
        }
    }

    /** Removes the current item. A later cancel does not reach the item. */
    public void clear() {
        item = null;
    }

    /**
     * Returns the current item. A cancelled item stays in the slot until {@link #clear}.
     *
     * @return the item, or null if there is none
     */
    public @Nullable T get() {
        return item;
    }

    /**
     * Cancels the slot and the current item, unless the slot is closed. Each call cancels the item, so on return the
     * item has been cancelled even if another thread is still within a cancel.
     *
     * @return false if the slot is closed
     */
    public boolean cancel() {
        if (!PHASE.compareAndSet(this, OPEN, CANCELLED) && phase == CLOSED) {
            return false;
        }
        T current = item;
        if (current != null) {
            canceller.accept(current);
        }
        return true;
    }

    /**
     * Closes the slot, so that a later cancel has no effect. An item of a closed slot is never cancelled.
     *
     * @return true for the first call of an open slot. False if the slot was cancelled or closed before
     */
    public boolean close() {
        return PHASE.compareAndSet(this, OPEN, CLOSED);
    }

    /**
     * Returns true if the slot is cancelled.
     *
     * @return true after a cancel of the open slot
     */
    public boolean isCancelled() {
        return phase == CANCELLED;
    }

    /**
     * Returns true if the slot is neither cancelled nor closed.
     *
     * @return true before a cancel and a close
     */
    public boolean isOpen() {
        return phase == OPEN;
    }

    /**
     * Cancels a stage. A stage that has no {@code cancel} or throws from it goes on.
     *
     * @param stage any stage
     */
    public static void cancel(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().cancel(false);
        } catch (Throwable e) {
            System.getLogger("io.github.futuresockets")
                    .log(System.Logger.Level.TRACE, "cannot be cancelled: " + stage, e);
        }
    }
}
