package io.github.futuresockets.codec;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The codec of {@link Codecs#varintPrefixed}. */
final class VarintPrefixed implements Sized<ByteBuffer> {
    /** The number of bytes of the longest prefix, with seven bits of a long in each byte. */
    private static final int LONGEST = 10;

    /** The largest number of bytes of a message. Invariant: size(limit) + limit does not overflow. */
    private final int limit;

    VarintPrefixed(int limit) {
        this.limit = Math.min(limit, Integer.MAX_VALUE - size(limit));
    }

    /** Returns the number of bytes of the prefix of a length. */
    private static int size(int length) {
        return Math.max(1, (38 - Integer.numberOfLeadingZeros(length)) / 7);
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer in, int seen) throws IOException {
        int start = in.position();
        int here = Math.min(in.remaining(), LONGEST);
        long length = 0;
        for (int i = 0; i < here; i++) {
            byte next = in.get(start + i);
            length |= (next & 0x7fL) << 7 * i;
            if (next >= 0) {
                return content(in, i + 1, length, next == 0 && i > 0 || i == LONGEST - 1 && next > 1);
            }
        }
        if (here == LONGEST) {
            throw new ProtocolException("a length of more than " + LONGEST + " bytes");
        }
        if (here >= size(limit)) {
            long least = here == LONGEST - 1 ? Long.MAX_VALUE : length | 1L << 7 * here;
            throw Content.announced(limit, least + " or more", least);
        }
        return null;
    }

    /** Takes the content after a complete prefix. Returns null if the content is incomplete. */
    private @Nullable ByteBuffer content(ByteBuffer in, int prefix, long length, boolean illFormed) throws IOException {
        if (illFormed) {
            throw new ProtocolException("a length in " + prefix + " bytes that "
                    + (prefix == LONGEST ? "does not fit into 64 bits" : "takes fewer"));
        }
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

    @Override
    public int limit() {
        return size(limit) + limit;
    }

    @Override
    public int size(ByteBuffer message) throws IOException {
        int length = message.remaining();
        if (length > limit) {
            throw Content.tooLong(limit, length);
        }
        return size(length) + length;
    }

    @Override
    public void put(ByteBuffer message, ByteBuffer out) {
        int rest = message.remaining();
        for (; rest > 0x7f; rest >>>= 7) {
            out.put((byte) (rest | 0x80));
        }
        out.put((byte) rest);
        Content.put(out, message);
    }
}
