package io.github.futuresockets.impl.operation;

import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.impl.connection.ReadSide;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@code readMessage} and {@code expectMessage}: a read of a message that the user's decoder makes from the bytes.
 *
 * @param <T> the type of the message
 */
public final class MessageRead<T> extends DecodingRead<T, T> {
    /**
     * The most messages in a row that take no byte. Without a limit, a loop over such messages would hold its thread.
     */
    private static final int MOST_LOOKS = 100;

    private final boolean expected;

    /**
     * Makes a read of a message of at most {@code limit} bytes.
     *
     * @param expected true if the read fails at a clean end of stream, false if the result is null then
     */
    public MessageRead(ReadSide side, Decoder<? extends T> decoder, int limit, boolean expected) {
        super(side, decoder, limit);
        this.expected = expected;
    }

    @Override
    public String name() {
        return expected ? "expectMessage" : "readMessage";
    }

    @Override
    protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
        if (!in.hasRemaining()) {
            return ended ? atEnd(in) : MORE;
        }
        ByteBuffer view = view(in);
        Object message = next(view, seen, ended);
        if (message != MORE) {
            advance(in, view.position());
        }
        return message;
    }

    /** Returns null at a clean end of stream, or throws if a message is expected. */
    private @Nullable T atEnd(ByteBuffer in) throws IOException {
        if (expected) {
            throw incomplete(in, -1);
        }
        return null;
    }

    /** Moves the position behind a message. Fails after too many messages in a row that took no byte. */
    private void advance(ByteBuffer in, int taken) {
        if (taken == 0 && side.state().looks() > MOST_LOOKS) {
            throw new IllegalStateException(describe() + ": the decoder "
                    + decoder().getClass().getName() + " made a message more than " + MOST_LOOKS
                    + " times and took none of the " + in.remaining() + " bytes");
        }
        in.position(in.position() + taken);
    }
}
