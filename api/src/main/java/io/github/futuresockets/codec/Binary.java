package io.github.futuresockets.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The codec of {@link Codecs#int32} and of the other numbers. */
final class Binary<T> implements Sized<T> {
    private final int bytes;
    private final boolean bigEndian;

    /** Converts the bits to the number, and ignores all higher bits. */
    private final LongFunction<T> number;

    private final ToLongFunction<T> bits;

    Binary(int bytes, ByteOrder order, LongFunction<T> number, ToLongFunction<T> bits) {
        this.bytes = bytes;
        this.bigEndian = Objects.requireNonNull(order, "order") == ByteOrder.BIG_ENDIAN;
        this.number = number;
        this.bits = bits;
    }

    @Override
    public @Nullable T decode(ByteBuffer in, int seen) {
        int begin = in.position();
        if (in.remaining() < bytes) {
            return null;
        }
        in.position(begin + bytes);
        return number.apply(Unsigned.get(in, begin, bytes, bigEndian));
    }

    @Override
    public int limit() {
        return bytes;
    }

    @Override
    public int size(T message) {
        return bytes;
    }

    @Override
    public void put(T message, ByteBuffer out) {
        int begin = out.position();
        Unsigned.put(out, begin, bits.applyAsLong(message), bytes, bigEndian);
        out.position(begin + bytes);
    }
}
