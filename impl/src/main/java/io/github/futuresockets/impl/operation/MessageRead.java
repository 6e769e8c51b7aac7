package io.github.futuresockets.impl.operation;

import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.impl.connection.ReadSide;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@code readMessage}: a read of a message that the user's decoder makes from the bytes.
 *
 * @param <T> the type of the message
 */
public final class MessageRead<T> extends DecodingRead<T, T> {
    /**
     * The most messages in a row that take no byte. Without a limit, a loop over such messages would hold its thread.
     */
    private static final int MOST_LOOKS = 100;

    /** Makes a read of a message of at most {@code limit} bytes. */
    public MessageRead(ReadSide side, Decoder<? extends T> decoder, int limit) {
        super(side, decoder, limit);
    }

    @Override
    public String name() {
        return "readMessage";
    }

    @Override
    protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
        if (!in.hasRemaining()) {
            return ended ? null : MORE;
        }
        ByteBuffer view = view(in);
        Object message = next(view, seen, ended);
        if (message != MORE) {
            advance(in, view.position());
        }
        return message;
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
