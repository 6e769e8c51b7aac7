package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A decoder and an encoder of the same message type.
 *
 * @param <T> the type of a message
 */
public interface Codec<T> extends Decoder<T>, Encoder<T> {

    /**
     * Combines a decoder and an encoder.
     *
     * @param <T> the type of a message
     * @param decoder decodes messages; the limit of the decoder is the limit of the codec
     * @param encoder encodes messages
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

            @Override
            public @Nullable ByteBuffer encode(T message, ByteBuffer out) throws IOException {
                return encoder.encode(message, out);
            }
        };
    }

    /**
     * Returns a codec for another message type, with a conversion in each direction. Both conversions must be pure
     * functions, and may throw.
     *
     * <p>If {@code decode} throws, the read fails with the exception and the bytes stay readable. The read does not
     * wait for more bytes. A null result of {@code decode} also fails the read. A
     * {@link java.nio.BufferUnderflowException} of {@code decode} means that the message is too short, and becomes a
     * {@link java.net.ProtocolException}.
     *
     * @param <U> the new message type
     * @param decode converts a message of the existing codec to the new type
     * @param encode converts a message of the new type to the type of the existing codec
     * @return the new codec, with the limit of the existing codec
     */
    default <U> Codec<U> map(Conversion<? super T, ? extends U> decode, Conversion<? super U, ? extends T> encode) {
        Objects.requireNonNull(decode, "decode");
        Objects.requireNonNull(encode, "encode");
        return of(new Mapped<>(this, decode), new MappedEncoder<>(this, encode));
    }

    /**
     * A conversion of messages, for {@link #map}, {@link Decoder#map} and {@link Decoder#then}.
     *
     * @param <A> the type of the argument
     * @param <B> the type of the result
     */
    @FunctionalInterface
    interface Conversion<A, B> {

        /**
         * Converts a message.
         *
         * @param value the message, never null
         * @return the converted message, never null
         * @throws IOException if the message cannot be converted
         */
        B convert(A value) throws IOException;
    }
}
