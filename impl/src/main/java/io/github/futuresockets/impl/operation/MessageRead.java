package io.github.futuresockets.impl.operation;

import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.FrameTooLongException;
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
 * {@code readMessage} and {@code expectMessage}: a read of a message that the user's decoder makes from the bytes.
 *
 * @param <T> the type of the message
 */
public final class MessageRead<T> extends Read<T> {
    /**
     * The most messages in a row that take no byte. Without a limit, a loop over such messages would hold its thread.
     */
    private static final int MOST_LOOKS = 100;

    private final Decoder<? extends T> decoder;
    private final int limit;
    private final boolean expected;

    /**
     * Makes a read of a message of at most {@code limit} bytes.
     *
     * @param expected true if the read fails at a clean end of stream, false if the result is null then
     */
    public MessageRead(ReadSide side, Decoder<? extends T> decoder, int limit, boolean expected) {
        super(side);
        this.decoder = decoder;
        this.limit = limit;
        this.expected = expected;
    }

    @Override
    public String name() {
        return expected ? "expectMessage" : "readMessage";
    }

    @Override
    protected int wants() {
        return limit;
    }

    @Override
    protected boolean runsUserCode() {
        return true;
    }

    @Override
    protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
        if (!in.hasRemaining()) {
            return ended ? atEnd(in) : MORE;
        }
        int available = Math.min(in.remaining(), limit);
        T message = seen < available ? decode(in, available, seen) : null;
        if (message != null) {
            return message;
        }
        if (in.remaining() >= limit) {
            throw new FrameTooLongException(
                    describe() + ": not complete within " + limit + " bytes", limit, in.remaining());
        }
        return ended ? end(in) : MORE;
    }

    /** Returns null at a clean end of stream, or throws if a message is expected. */
    private @Nullable T atEnd(ByteBuffer in) throws IOException {
        if (expected) {
            throw incomplete(in, -1);
        }
        return null;
    }

    /** Returns a message of the first bytes, or null if more bytes are needed. */
    private @Nullable T decode(ByteBuffer in, int available, int seen) throws IOException {
        ByteBuffer view = view(in, available);
        T message;
        try {
            message = decoder.decode(view, seen);
        } catch (BufferUnderflowException incomplete) {
            return null;
        } catch (Throwable e) {
            throw named(e, in);
        }
        if (message != null) {
            advance(in, view.position());
        }
        return message;
    }

    /** Returns the message of the last bytes. */
    private T end(ByteBuffer in) throws IOException {
        T message;
        try {
            message = decoder.end(view(in, in.remaining()));
        } catch (Throwable e) {
            throw named(e, in);
        }
        if (message == null) {
            throw incomplete(in, -1);
        }
        in.position(in.limit());
        return message;
    }

    /** Moves the position behind a message. Fails after too many messages in a row that took no byte. */
    private void advance(ByteBuffer in, int taken) {
        if (taken == 0 && side.state().looks() > MOST_LOOKS) {
            throw new IllegalStateException(
                    describe() + ": the decoder " + decoder.getClass().getName() + " made a message more than "
                            + MOST_LOOKS + " times and took none of the " + in.remaining() + " bytes");
        }
        in.position(in.position() + taken);
    }

    private IOException named(Throwable failure, ByteBuffer in) throws IOException {
        return Errors.<IOException>rethrow(CodecFailures.named(
                describe(), failure, " (" + in.remaining() + " bytes unread, limit " + limit + ")"));
    }

    /** Returns a view for the decoder, so that changes of limit, mark and order do not reach the read buffer. */
    private static ByteBuffer view(ByteBuffer in, int length) {
        return in.slice(in.position(), length).order(ByteOrder.BIG_ENDIAN);
    }
}
