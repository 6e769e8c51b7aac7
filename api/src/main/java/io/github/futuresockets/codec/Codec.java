package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Both directions of one kind of message.
 *
 * @param <T> the type of a message
 */
public interface Codec<T> extends Decoder<T>, Encoder<T> {

    /**
     * A codec of two halves.
     *
     * @param <T> the type of a message
     * @param decoder reads messages; its limit is the codec's
     * @param encoder writes messages
     * @return the codec
     */
    static <T> Codec<T> of(Decoder<? extends T> decoder, Encoder<? super T> encoder) {
        Objects.requireNonNull(decoder, "decoder");
        Objects.requireNonNull(encoder, "encoder");
        return new Codec<>() {
            @Override
            public @Nullable T decode(ByteBuffer in, int seen) throws IOException {
                return decoder.decode(in, seen);
            }

            @Override
            public @Nullable T end(ByteBuffer rest) throws IOException {
                return decoder.end(rest);
            }

            @Override
            public int limit() {
                return decoder.limit();
            }

            @Override
            public ByteBuffer encode(T message) throws IOException {
                return encoder.encode(message);
            }
        };
    }
}
