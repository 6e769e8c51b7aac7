package io.github.futuresockets.impl.common;

import java.nio.ByteBuffer;

/** The byte sequence that ends a message. Immutable. */
public final class Delimiter {
    private final byte[] bytes;

    public Delimiter(byte... bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the length of the first message including its delimiter, or -1 if the first {@code limit} bytes have no
     * delimiter. The position of the buffer stays.
     *
     * @param in the bytes from the position on
     * @param seen the number of first bytes known to have no complete delimiter
     * @param limit the maximum length of a message
     */
    public int find(ByteBuffer in, int seen, int limit) {
        int behind = bytes.length - 1;
        byte last = bytes[behind];
        int start = in.position();
        int end = start + Math.min(in.remaining(), limit);
        for (int i = start + Math.max(behind, seen); i < end; i++) {
            if (in.get(i) == last && isAt(in, i - behind, behind)) {
                return i + 1 - start;
            }
        }
        return -1;
    }

    /** Returns the number of last bytes that may be the begin of an incomplete delimiter. */
    public int begun(ByteBuffer in) {
        int length = Math.min(in.remaining(), bytes.length - 1);
        while (!isAt(in, in.limit() - length, length)) {
            length--;
        }
        return length;
    }

    private boolean isAt(ByteBuffer in, int index, int length) {
        for (int i = 0; i < length; i++) {
            if (in.get(index + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
