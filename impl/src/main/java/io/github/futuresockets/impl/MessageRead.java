package io.github.futuresockets.impl;

import io.github.futuresockets.FrameTooLongException;
import io.github.futuresockets.codec.Decoder;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** {@code readMessage}: what the user's decoder makes of the bytes. */
final class MessageRead<T> extends Read<T> {
    /** A loop over looks ahead would never end, and its thread would serve nobody else. */
    private static final int MOST_LOOKS = 100;

    private final Decoder<? extends T> decoder;
    private final int limit;

    MessageRead(ReadSide side, Decoder<? extends T> decoder, int limit) {
        super(side);
        this.decoder = decoder;
        this.limit = limit;
    }

    @Override
    String name() {
        return "readMessage";
    }

    @Override
    int wants() {
        return limit;
    }

    @Override
    boolean runsUserCode() {
        return true;
    }

    /** The decoder gets a view, so that whatever it does to limit, mark or order stays with it. */
    @Override
    @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
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
