package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The codec of {@link Codecs#decimalPrefixed(int, int)}. */
final class FixedDecimal implements Sized<ByteBuffer> {
    private final int digits;

    /** The largest number of bytes of a message. Invariant: digits + limit does not overflow. */
    private final int limit;

    FixedDecimal(int digits, int limit) {
        this.digits = digits;
        this.limit = Math.min(limit, Integer.MAX_VALUE - digits);
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer in, int seen) throws IOException {
        int begin = in.position();
        int here = Math.min(in.remaining(), digits);
        long length = 0;
        for (int i = 0; i < here; i++) {
            length = 10 * length + Decimal.digit(in.get(begin + i) & 0xff);
        }
        if (here < digits) {
            return null;
        }
        if (length > limit) {
            throw Content.announced(limit, String.valueOf(length), length);
        }
        if (in.remaining() - digits < length) {
            return null;
        }
        in.position(begin + digits);
        return Content.take(in, (int) length);
    }

    @Override
    public int limit() {
        return digits + limit;
    }

    @Override
    public int size(ByteBuffer message) throws IOException {
        int length = message.remaining();
        if (length > limit || Decimal.width(length) > digits) {
            throw Content.tooLong((long) Math.min(limit, Math.pow(10, digits) - 1), length);
        }
        return digits + length;
    }

    @Override
    public void put(ByteBuffer message, ByteBuffer out) {
        Decimal.put(out, message.remaining(), digits);
        Content.put(out, message);
    }
}
