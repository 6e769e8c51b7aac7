package io.github.futuresockets.compose;

import io.github.futuresockets.codec.Decoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of a stream of messages. Fails with an {@code IllegalStateException} if a message takes no byte, because
 * such a stream would never end.
 *
 * @param source the sender of the messages, for error messages
 * @param decoder the decoder of a single message
 * @param <T> the type of the messages
 */
public record AdvancingDecoder<T>(Supplier<?> source, Decoder<? extends T> decoder) implements Decoder<T> {
    /**
     * Creates the decoder.
     *
     * @param source the sender of the messages, for error messages
     * @param decoder the decoder of a single message
     * @throws IllegalArgumentException if the limit of {@code decoder} is less than 1
     */
    public AdvancingDecoder {
        int limit = decoder.limit();
        if (limit < 1) {
            throw new IllegalArgumentException("the decoder's limit " + limit + " is less than 1");
        }
    }

    @Override
    public @Nullable T decode(ByteBuffer in, int seen) throws IOException {
        int begin = in.position();
        T message = decoder.decode(in, seen);
        if (message != null && in.position() == begin) {
            throw stuck(in);
        }
        return message;
    }

    /**
     * Returns the failure of a decoder that has made a message and has taken no byte.
     *
     * @param in the bytes of the message
     * @return the failure
     */
    public IllegalStateException stuck(ByteBuffer in) {
        return new IllegalStateException("messages from " + source.get() + ": the decoder "
                + decoder.getClass().getName() + " made a message and took none of the " + in.remaining() + " bytes");
    }

    @Override
    public @Nullable T end(ByteBuffer rest) throws IOException {
        return decoder.end(rest);
    }

    @Override
    public int limit() {
        return decoder.limit();
    }
}
