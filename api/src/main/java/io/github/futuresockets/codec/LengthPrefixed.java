package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The codec of {@link Codecs#lengthPrefixed}. */
final class LengthPrefixed implements Sized<ByteBuffer> {
    /** The number of bytes of the prefix. */
    private final int prefix;

    private final boolean bigEndian;

    /** The largest number of bytes of a message. Invariant: prefix + limit does not overflow. */
    private final int limit;

    LengthPrefixed(int prefix, ByteOrder order, int limit) {
        this.prefix = prefix;
        this.bigEndian = Objects.requireNonNull(order, "order") == ByteOrder.BIG_ENDIAN;
        this.limit = Math.min(limit, Integer.MAX_VALUE - prefix);
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer in, int seen) throws IOException {
        if (in.remaining() < prefix) {
            return null;
        }
        long length = announced(in);
        if (length < 0 || length > limit) {
            long capped = length < 0 ? Long.MAX_VALUE : length;
            throw Content.announced(limit, Long.toUnsignedString(length), capped);
        }
        if (in.remaining() - prefix < length) {
            return null;
        }
        in.position(in.position() + prefix);
        return Content.take(in, (int) length);
    }

    /** Returns the length in the prefix. A negative number is an unsigned length above {@code Long.MAX_VALUE}. */
    private long announced(ByteBuffer in) {
        long length = 0;
        for (int i = 0; i < prefix; i++) {
            length = length << 8 | in.get(in.position() + (bigEndian ? i : prefix - 1 - i)) & 0xff;
        }
        return length;
    }

    @Override
    public int limit() {
        return prefix + limit;
    }

    @Override
    public int size(ByteBuffer message) throws IOException {
        int length = message.remaining();
        long most = prefix < 4 ? Math.min(limit, (1L << 8 * prefix) - 1) : limit;
        if (length > most) {
            throw Content.tooLong(most, length);
        }
        return prefix + length;
    }

    @Override
    public void put(ByteBuffer message, ByteBuffer out) {
        long length = message.remaining();
        for (int i = 0; i < prefix; i++) {
            out.put((byte) (length >>> 8 * (bigEndian ? prefix - 1 - i : i)));
        }
        Content.put(out, message);
    }
}
