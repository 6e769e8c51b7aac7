package io.github.futuresockets.impl.operation;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.Replies;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.compose.CodecFailures;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.connection.Batch;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.connection.Waiters;
import io.github.futuresockets.impl.transport.BufferPool;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The replies to the messages of a {@link MessageFeed}. Replies of the thread of a turn are gathered, and sent at the end
 * of the turn. Replies of other threads are sent at once.
 *
 * @param <O> the type of the replies
 */
public final class ReplyBatch<O> implements Replies<O> {
    private final Connection connection;
    private final Encoder<? super O> encoder;
    private final Consumer<? super Throwable> failed;
    private final Batch batch;

    // written by the thread of the turn; other threads only compare the reference with themselves
    private @Nullable Thread turner;

    ReplyBatch(Connection connection, Encoder<? super O> encoder, Consumer<? super Throwable> failed) {
        this.connection = connection;
        this.encoder = encoder;
        this.failed = failed;
        this.batch = new Batch(connection.writes(), failed);
    }

    /** Makes the calling thread the thread of a turn. */
    public void turn() {
        turner = Thread.currentThread();
    }

    /** Ends the turn and sends the gathered replies. */
    public void turned() {
        turner = null;
        try {
            batch.submit();
        } catch (Throwable e) {
            fail(e);
        }
    }

    /**
     * Returns true if a further message may be handled. Otherwise {@link #isCongested} tells. For the thread of the turn.
     */
    public boolean isBelowHighWater() {
        return batch.isBelowHighWater();
    }

    /** Returns true if no further message may be handled until the peer has read. */
    public boolean isCongested() {
        return batch.isCongested();
    }

    /** Returns a future that completes when the queue of the connection has room. */
    public Waiters<Void>.Watch writable() {
        return connection.writes().writable();
    }

    /** Runs an action when all replies are sent, or with the first failure when no reply waits any more. */
    public void whenSent(Consumer<? super @Nullable Throwable> action) {
        batch.whenSent(action);
    }

    /**
     * {@inheritDoc}
     *
     * <p>If the encoder itself sends or writes, the bytes are sent at once, because the buffer of the batch belongs to the
     * encoder. The encoder is called without a call in between, as {@code HandlerLoop} calls the handler.
     */
    @Override
    public void send(O message) {
        Objects.requireNonNull(message, "message");
        Thread mine = turner;
        try {
            if (mine != Thread.currentThread()) {
                batch.send(Encoding.single(message, encoder));
                return;
            }
            ByteBuffer own;
            turner = null;
            try {
                own = Encoding.put(message, encoder, batch.lend());
            } finally {
                batch.takeBack();
                turner = mine;
            }
            if (own != null) {
                gather(own);
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** Gathers a reply that has not fit into the buffer of the batch. */
    private void gather(ByteBuffer own) {
        int length = own.remaining();
        if (length <= BufferPool.LARGE) {
            batch.chunk(length).put(own);
        } else {
            batch.submit();
            batch.send(own);
        }
    }

    /** Ends the connection, because a reply is missing. */
    private void fail(Throwable e) {
        String what = "reply to " + connection.transport().remoteAddress();
        Throwable named = CodecFailures.named(what, e, "");
        connection.fail(CloseReason.Kind.FAILED, Errors.asIOException(what, named));
        failed.accept(named);
    }
}
