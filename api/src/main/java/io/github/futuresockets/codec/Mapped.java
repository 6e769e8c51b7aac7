package io.github.futuresockets.codec;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The codec of {@link Codec#map}. */
final class Mapped<T, U> implements Codec<U> {
    private final Codec<T> codec;
    private final Codec.Conversion<? super T, ? extends U> decode;
    private final Codec.Conversion<? super U, ? extends T> encode;

    Mapped(
            Codec<T> codec,
            Codec.Conversion<? super T, ? extends U> decode,
            Codec.Conversion<? super U, ? extends T> encode) {
        this.codec = codec;
        this.decode = Objects.requireNonNull(decode, "decode");
        this.encode = Objects.requireNonNull(encode, "encode");
    }

    @Override
    public @Nullable U decode(ByteBuffer in, int seen) throws IOException {
        return convert(codec.decode(in, seen));
    }

    @Override
    public @Nullable U end(ByteBuffer rest) throws IOException {
        return convert(codec.end(rest));
    }

    /**
     * Converts a decoded message. A null result and a BufferUnderflowException become other exceptions, because both
     * would mean that the message is incomplete.
     */
    private @Nullable U convert(@Nullable T message) throws IOException {
        if (message == null) {
            return null;
        }
        try {
            return Objects.requireNonNull(decode.convert(message), "the decoding function gave null");
        } catch (BufferUnderflowException e) {
            ProtocolException failure = new ProtocolException("the message is shorter than what it should hold");
            failure.initCause(e);
            throw failure;
        }
    }

    @Override
    public int limit() {
        return codec.limit();
    }

    @Override
    public ByteBuffer encode(U message) throws IOException {
        return codec.encode(converted(message));
    }

    @Override
    public @Nullable ByteBuffer encode(U message, ByteBuffer out) throws IOException {
        return codec.encode(converted(message), out);
    }

    /** Converts a message to encode. */
    private T converted(U message) throws IOException {
        return Objects.requireNonNull(encode.convert(message), "the encoding function gave null");
    }
}
