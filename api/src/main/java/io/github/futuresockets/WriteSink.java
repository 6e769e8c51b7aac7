package io.github.futuresockets;

import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.spi.OperationFuture;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Writes what a publisher gives, one item after the other. */
final class WriteSink<T> extends OperationFuture<Long> implements AsyncFlow.Sink<T> {
    /*
     * Guarded by this object's monitor, under which nothing else runs: `subscription`, `write`, which is the one in
     * progress, `bytes`, and how it ended: `completed` by the publisher, `ended` by anybody. The publisher's signals are serial,
     * and the next item comes only when it has been requested; so there is one write at most.
     */
    private final AsyncWriter writer;
    private final Encoder<? super T> encoder;
    private Flow.@Nullable Subscription subscription;
    private @Nullable CompletableFuture<Void> write;
    private long bytes;
    private boolean completed;
    private boolean ended;

    WriteSink(AsyncWriter writer, Encoder<? super T> encoder) {
        super(writer instanceof AsyncSocket ? Messages.contextOf((AsyncSocket) writer) : null);
        this.writer = writer;
        this.encoder = encoder;
    }

    @Override
    public CompletableFuture<Long> done() {
        return this;
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
            CompletableFuture<Void> mine = writer.writeMessage(item, message -> {
                ByteBuffer encoded = encoder.encode(message);
                length[0] = encoded.remaining();
                return encoded;
            });
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

    /** A publisher that throws has failed. */
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
        return "subscriber that writes to " + writer;
    }
}
