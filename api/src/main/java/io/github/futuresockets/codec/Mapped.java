package io.github.futuresockets.codec;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The decoder of {@link Decoder#map} and {@link Codec#map}. */
final class Mapped<T, U> implements Decoder<U> {
    private final Decoder<T> decoder;
    private final Codec.Conversion<? super T, ? extends U> conversion;

    Mapped(Decoder<T> decoder, Codec.Conversion<? super T, ? extends U> conversion) {
        this.decoder = decoder;
        this.conversion = conversion;
    }

    @Override
    public @Nullable U decode(ByteBuffer in, int seen) throws IOException {
        T message = decoder.decode(in, seen);
        return message == null ? null : convert(conversion, message);
    }

    @Override
    public @Nullable U end(ByteBuffer rest) throws IOException {
        T message = decoder.end(rest);
        return message == null ? null : convert(conversion, message);
    }

    /**
     * Converts a decoded message. A null result and a BufferUnderflowException become other exceptions, because both
     * would mean that the message is incomplete.
     */
    static <A, B> B convert(Codec.Conversion<A, B> conversion, A message) throws IOException {
        try {
            return Objects.requireNonNull(conversion.convert(message), "the decoding function gave null");
        } catch (BufferUnderflowException e) {
            ProtocolException failure = new ProtocolException("the message is shorter than what it should hold");
            failure.initCause(e);
            throw failure;
        }
    }

    @Override
    public int limit() {
        return decoder.limit();
    }
}
