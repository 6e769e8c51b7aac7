package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The encoder of {@link Codec#map}. */
final class MappedEncoder<T, U> implements Encoder<U> {
    private final Encoder<T> encoder;
    private final Codec.Conversion<? super U, ? extends T> conversion;

    MappedEncoder(Encoder<T> encoder, Codec.Conversion<? super U, ? extends T> conversion) {
        this.encoder = encoder;
        this.conversion = conversion;
    }

    @Override
    public ByteBuffer encode(U message) throws IOException {
        return encoder.encode(convert(message));
    }

    @Override
    public @Nullable ByteBuffer encode(U message, ByteBuffer out) throws IOException {
        return encoder.encode(convert(message), out);
    }

    private T convert(U message) throws IOException {
        return Objects.requireNonNull(conversion.convert(message), "the encoding function gave null");
    }
}
