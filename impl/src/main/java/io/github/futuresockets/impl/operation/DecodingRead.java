package io.github.futuresockets.impl.operation;

import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.compose.AdvancingDecoder;
import io.github.futuresockets.compose.CodecFailures;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.connection.Read;
import io.github.futuresockets.impl.connection.ReadSide;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A read whose attempts take messages from the read buffer by the decoder of the user. The messages of an attempt share
 * a view of the read buffer, so that changes of limit, mark and order do not reach the read buffer.
 *
 * @param <T> the type of the messages
 * @param <R> the result of the read
 */
abstract class DecodingRead<T, R> extends Read<R> {
    private final Decoder<? extends T> decoder;
    private final int limit;

    /** Fails a message that takes no byte. Null if such messages are allowed. */
    private final @Nullable AdvancingDecoder<? extends T> advancing;

    /** Makes a read of messages of at most {@code limit} bytes each. */
    DecodingRead(ReadSide side, Decoder<? extends T> decoder, int limit) {
        super(side);
        this.advancing = decoder instanceof AdvancingDecoder<? extends T> wrapper ? wrapper : null;
        this.decoder = advancing == null ? decoder : advancing.decoder();
        this.limit = limit;
    }

    final Decoder<? extends T> decoder() {
        return decoder;
    }

    @Override
    protected int wants() {
        return limit;
    }

    @Override
    protected final boolean runsUserCode() {
        return true;
    }

    /** Returns a view of the bytes of the read buffer, for {@link #next}. */
    static ByteBuffer view(ByteBuffer in) {
        return in.slice(in.position(), in.remaining());
    }

    /**
     * Returns the next message, and moves the position of the view behind the message. After a failure the position of
     * the view is not defined.
     *
     * @param view the view of the read buffer
     * @param seen the number of bytes that were there, in vain, at the last attempt
     * @param ended true if no more bytes can arrive
     * @return the message, or {@link #MORE}, or null at the end of the stream
     * @throws IOException if the bytes are no message
     */
    final @Nullable Object next(ByteBuffer view, int seen, boolean ended) throws IOException {
        int size = view.remaining();
        if (size == 0) {
            return ended ? null : MORE;
        }
        T message = seen < Math.min(size, limit) ? decode(view, seen) : null;
        if (message != null) {
            return message;
        }
        if (size >= limit) {
            throw new FrameTooLongException(describe() + ": not complete within " + limit + " bytes", limit, size);
        }
        return ended ? end(view) : MORE;
    }

    /** Returns a message of the first bytes. Returns null, and restores the position, if more bytes are needed. */
    private @Nullable T decode(ByteBuffer view, int seen) throws IOException {
        int begin = view.position();
        int end = view.limit();
        if (end - begin > limit) {
            view.limit(begin + limit);
        }
        T message;
        try {
            message = decoder.decode(view.order(ByteOrder.BIG_ENDIAN), seen);
            if (message != null && view.position() <= begin) {
                checkProgress(view, begin);
            }
        } catch (BufferUnderflowException incomplete) {
            message = null;
        } catch (Throwable e) {
            throw named(e, end - begin);
        }
        if (view.limit() != end) {
            view.limit(end);
        }
        if (message == null) {
            view.position(begin);
        }
        return message;
    }

    private void checkProgress(ByteBuffer view, int begin) {
        if (view.position() < begin) {
            throw new IllegalStateException("the decoder " + decoder.getClass().getName()
                    + " moved the position back from " + begin + " to " + view.position());
        }
        if (advancing != null) {
            throw advancing.stuck(view);
        }
    }

    /** Returns the message of the last bytes. */
    private T end(ByteBuffer view) throws IOException {
        int begin = view.position();
        T message;
        try {
            message = decoder.end(view.order(ByteOrder.BIG_ENDIAN));
        } catch (Throwable e) {
            throw named(e, view.capacity() - begin);
        }
        view.clear();
        if (message == null) {
            throw incomplete(view.position(begin), -1);
        }
        view.position(view.limit());
        return message;
    }

    private IOException named(Throwable failure, int unread) throws IOException {
        return Errors.<IOException>rethrow(
                CodecFailures.named(describe(), failure, " (" + unread + " bytes unread, limit " + limit + ")"));
    }
}
