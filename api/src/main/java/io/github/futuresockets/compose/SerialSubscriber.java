package io.github.futuresockets.compose;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that writes the items of a publisher one by one, and the future of the whole transfer. Completes with
 * the number of bytes written.
 *
 * @param <T> the type of the items
 */
public final class SerialSubscriber<T> extends OperationFuture<Long> implements Flow.Subscriber<T> {
    /*
     * Guarded by this: subscription, bytes, completed. No foreign code runs under the monitor.
     *
     * `write` holds the write in progress. A canceller cancels the slot. Any other end of the transfer closes the slot.
     * `completed` is set by the publisher. The publisher's signals are serial, and an item comes only after a request.
     * Therefore at most one write is in progress. The monitor also orders the end of a write and `onComplete`. The
     * later of the two ends the transfer.
     */
    private final Output<T> output;
    private final CancelSlot<CompletableFuture<Void>> write = CancelSlot.ofStage();

    // guarded by this
    private Flow.@Nullable Subscription subscription;
    private long bytes;
    private boolean completed;

    /**
     * The destination of the items. The text of {@code toString} names the destination in error messages.
     *
     * @param <T> the type of the items
     */
    public interface Output<T> {
        /**
         * Writes an item.
         *
         * @param item the item
         * @param length receives the number of bytes of the item, before the write begins
         * @return the future of the write
         */
        CompletableFuture<Void> write(T item, LongConsumer length);
    }

    /**
     * Creates a subscriber.
     *
     * @param context the sockets of the destination, or null
     * @param output the destination
     */
    public SerialSubscriber(@Nullable IoContext context, Output<T> output) {
        super(context);
        this.output = output;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        Objects.requireNonNull(given, "subscription");
        boolean second;
        synchronized (this) {
            second = subscription != null || !write.isOpen();
            if (!second) {
                subscription = given;
            }
        }
        if (second) {
            cancel(given);
        } else {
            ask(given);
        }
    }

    @Override
    public void onNext(T item) {
        Objects.requireNonNull(item, "item");
        if (!write.isOpen()) {
            return;
        }
        long[] length = new long[1];
        try {
            CompletableFuture<Void> mine = output.write(item, bytes -> length[0] = bytes);
            write.set(mine);
            mine.whenComplete((written, failure) -> written(length[0], failure));
        } catch (Throwable e) {
            written(0, e);
        }
    }

    /** Requests the next item. An exception of the publisher counts as {@code onError}. */
    private void ask(Flow.Subscription publisher) {
        try {
            publisher.request(1);
        } catch (Throwable e) {
            onError(e);
        }
    }

    private static void cancel(Flow.Subscription publisher) {
        try {
            publisher.cancel();
        } catch (Throwable e) {
            System.getLogger("io.github.futuresockets").log(System.Logger.Level.DEBUG, "cancel of " + publisher, e);
        }
    }

    private void written(long length, @Nullable Throwable failure) {
        Flow.Subscription more;
        boolean last;
        long total;
        synchronized (this) {
            write.clear();
            bytes += failure == null ? length : 0;
            total = bytes;
            more = subscription;
            last = completed;
        }
        if (failure != null || last ? !write.close() : !write.isOpen()) {
            return;
        }
        if (failure != null) {
            if (more != null) {
                cancel(more);
            }
            deliverFailure(bare(failure));
        } else if (last) {
            deliver(total);
        } else if (more != null) {
            ask(more);
        }
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        write.close();
        deliverFailure(failure);
    }

    @Override
    public void onComplete() {
        long total;
        synchronized (this) {
            completed = true;
            if (write.get() != null) {
                return;
            }
            total = bytes;
        }
        if (write.close()) {
            deliver(total);
        }
    }

    @Override
    protected boolean withdraw() {
        if (!write.cancel()) {
            return false;
        }
        Flow.Subscription mine;
        synchronized (this) {
            mine = subscription;
        }
        if (mine != null) {
            cancel(mine);
        }
        return true;
    }

    @Override
    protected String describe() {
        return "subscriber that writes to " + output;
    }
}
