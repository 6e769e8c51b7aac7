package io.github.futuresockets.codec;

import java.nio.ByteBuffer;

/** The search for what ends a message. */
final class Delimiter {
    private final byte[] bytes;
    private final int step;

    /** Found wherever it begins at a multiple of {@code step} bytes from the start of the message. */
    Delimiter(byte[] bytes, int step) {
        this.bytes = bytes;
        this.step = step;
    }

    int length() {
        return bytes.length;
    }

    void put(ByteBuffer out) {
        out.put(bytes);
    }

    /**
     * The length of the message at the front, its delimiter counted in, or -1 if the first {@code limit} bytes hold none.
     * One that ends within the first {@code seen} bytes would have been found before: it goes on with the first that does
     * not.
     */
    int find(ByteBuffer in, int seen, int limit) {
        int behind = bytes.length - 1;
        byte last = bytes[behind];
        int start = in.position();
        int end = start + Math.min(in.remaining(), limit);
        int first = (Math.max(0, seen - behind) + step - 1) / step * step;
        for (int i = start + first + behind; i < end; i += step) {
            if (in.get(i) == last && endsAt(in, i)) {
                return i + 1 - start;
            }
        }
        return -1;
    }

    private boolean endsAt(ByteBuffer in, int last) {
        for (int i = 1; i < bytes.length; i++) {
            if (in.get(last - i) != bytes[bytes.length - 1 - i]) {
                return false;
            }
        }
        return true;
    }
}
