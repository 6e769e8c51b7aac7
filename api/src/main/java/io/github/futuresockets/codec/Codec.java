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

    /**
     * A codec of other messages, made of these. Both functions must be pure, as the codec is, and may throw.
     *
     * <p>If {@code decode} throws, the read fails with that and the bytes stay readable. There is no waiting for more:
     * null, and a {@link java.nio.BufferUnderflowException} because the message is shorter than what it should hold, are
     * failures too; the latter becomes a {@link java.net.ProtocolException}.
     *
     * @param <U> the type of the other messages
     * @param decode makes one of a message that was read
     * @param encode makes a message to write of one
     * @return the codec; its limit is the same
     */
    default <U> Codec<U> map(Conversion<? super T, ? extends U> decode, Conversion<? super U, ? extends T> encode) {
        return new Mapped<>(this, decode, encode);
    }

    /**
     * One direction of {@link #map}.
     *
     * @param <A> what is given
     * @param <B> what is made of it
     */
    @FunctionalInterface
    interface Conversion<A, B> {

        /**
         * Makes one of the other.
         *
         * @param value what is given, never null
         * @return what is made of it, never null
         * @throws IOException if nothing can be made of it
         */
        B convert(A value) throws IOException;
    }
}
