package io.github.futuresockets.impl.operation;

import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.connection.Read;
import io.github.futuresockets.impl.connection.ReadSide;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * {@code readMessage}: a read of a message that the user's decoder makes from the bytes.
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

    /** Makes a read of a message of at most {@code limit} bytes. */
    public MessageRead(ReadSide side, Decoder<? extends T> decoder, int limit) {
        super(side);
        this.decoder = decoder;
        this.limit = limit;
    }

    @Override
    public String name() {
        return "readMessage";
    }

    @Override
    protected int wants() {
        return limit;
    }

    @Override
    protected boolean runsUserCode() {
        return true;
    }

    /** Passes a view to the decoder, so that changes of limit, mark and order do not reach the read buffer. */
    @Override
    protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
        if (!in.hasRemaining() && ended) {
            return null;
        }
        int available = Math.min(in.remaining(), limit);
        T message = null;
        if (in.hasRemaining()) {
            ByteBuffer view = view(in, available);
            if (seen < available) {
                message = decode(view, seen, in);
            }
            if (message == null && in.remaining() >= limit) {
                throw new FrameTooLongException(
                        describe() + ": not complete within " + limit + " bytes", limit, in.remaining());
            }
            if (message == null && ended) {
                view = view(in, available);
                message = end(view, in);
                if (message == null) {
                    throw incomplete(in, -1);
                }
                view.position(view.limit());
            }
            if (message != null) {
                if (view.position() == 0 && side.state().looks() > MOST_LOOKS) {
                    throw new IllegalStateException(describe() + ": the decoder "
                            + decoder.getClass().getName() + " made a message more than " + MOST_LOOKS
                            + " times and took none of the " + in.remaining() + " bytes");
                }
                in.position(in.position() + view.position());
            }
        }
        return message == null ? MORE : message;
    }

    private @Nullable T decode(ByteBuffer view, int seen, ByteBuffer in) throws IOException {
        try {
            return decoder.decode(view, seen);
        } catch (BufferUnderflowException incomplete) {
            return null;
        } catch (Throwable e) {
            throw named(e, in);
        }
    }

    private @Nullable T end(ByteBuffer view, ByteBuffer in) throws IOException {
        try {
            return decoder.end(view);
        } catch (Throwable e) {
            throw named(e, in);
        }
    }

    private IOException named(Throwable failure, ByteBuffer in) throws IOException {
        return Errors.<IOException>rethrow(
                Errors.ofCodec(describe(), failure, " (" + in.remaining() + " bytes unread)"));
    }

    private static ByteBuffer view(ByteBuffer in, int length) {
        return in.slice(in.position(), length).order(ByteOrder.BIG_ENDIAN);
    }
}
