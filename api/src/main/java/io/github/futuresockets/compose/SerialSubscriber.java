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
     * Guarded by this: subscription, write, bytes, completed, ended. No foreign code runs under the monitor.
     *
     * `write` is the write in progress, or null. `completed` is set by the publisher, `ended` at any end of the
     * transfer. The publisher's signals are serial, and an item comes only after a request. Therefore at most one write
     * is in progress.
     */
    private final Output<T> output;

    // guarded by this
    private Flow.@Nullable Subscription subscription;
    private @Nullable CompletableFuture<Void> write;
    private long bytes;
    private boolean completed;
    private boolean ended;

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
            second = subscription != null || ended;
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
        synchronized (this) {
            if (ended) {
                return;
            }
        }
        long[] length = new long[1];
        try {
            CompletableFuture<Void> mine = output.write(item, bytes -> length[0] = bytes);
            boolean late;
            synchronized (this) {
                late = ended;
                write = mine;
            }
            if (late) {
                mine.cancel(false);
            }
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
            write = null;
            bytes += failure == null ? length : 0;
            total = bytes;
            more = subscription;
            last = completed;
            if (ended) {
                return;
            }
            ended = failure != null || last;
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
        synchronized (this) {
            ended = true;
        }
        deliverFailure(failure);
    }

    @Override
    public void onComplete() {
        long total;
        synchronized (this) {
            completed = true;
            if (ended || write != null) {
                return;
            }
            ended = true;
            total = bytes;
        }
        deliver(total);
    }

    @Override
    protected boolean withdraw() {
        Flow.Subscription mine;
        CompletableFuture<Void> current;
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
            mine = subscription;
            current = write;
        }
        if (mine != null) {
            cancel(mine);
        }
        if (current != null) {
            current.cancel(false);
        }
        return true;
    }

    @Override
    protected String describe() {
        return "subscriber that writes to " + output;
    }
}
