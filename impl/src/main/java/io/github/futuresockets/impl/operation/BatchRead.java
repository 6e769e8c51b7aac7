package io.github.futuresockets.impl.operation;

import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.impl.connection.ReadSide;
import io.github.futuresockets.impl.transport.BufferPool;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code receiveMany}: a read of all messages that have arrived, at least a single message.
 *
 * @param <T> the type of the messages
 */
public final class BatchRead<T> extends DecodingRead<T, List<T>> {
    private final int max;

    /** Makes a read of at most {@code max} messages of at most {@code limit} bytes each. */
    public BatchRead(ReadSide side, Decoder<? extends T> decoder, int limit, int max) {
        super(side, decoder, limit);
        this.max = max;
    }

    @Override
    public String name() {
        return "receiveMany";
    }

    /** Returns the bytes of a batch of the longest messages, but at most a pooled buffer or a single message. */
    @Override
    protected int wants() {
        int single = super.wants();
        return Math.max(single, (int) Math.min(BufferPool.LARGE, (long) single * max));
    }

    @Override
    @SuppressWarnings("unchecked")
    protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
        if (!in.hasRemaining()) {
            return ended ? null : MORE;
        }
        int begin = in.position();
        ByteBuffer view = view(in);
        Object first = next(view, seen, ended);
        if (first == MORE) {
            return MORE;
        }
        List<T> batch = new ArrayList<>(Math.min(max, estimate(view)));
        batch.add((T) first);
        in.position(begin + view.position());
        while (batch.size() < max && view.hasRemaining()) {
            Object message = nextOrMore(view);
            if (message == MORE) {
                break;
            }
            batch.add((T) message);
            in.position(begin + view.position());
        }
        return batch;
    }

    /** Returns the number of messages in the view if all are as long as the first message, but at most 256. */
    private static int estimate(ByteBuffer view) {
        return Math.min(256, view.limit() / Math.max(1, view.position()) + 1);
    }

    /** Returns the next message. A failure belongs to the next read, which decodes the same bytes. */
    private @Nullable Object nextOrMore(ByteBuffer view) {
        try {
            return next(view, 0, false);
        } catch (Throwable later) {
            return MORE;
        }
    }
}
