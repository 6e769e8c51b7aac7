package io.github.futuresockets.impl;

import java.nio.ByteBuffer;

/** The bytes that a read looks for. */
final class Delimiter {
    private final byte[] bytes;

    Delimiter(byte... bytes) {
        this.bytes = bytes;
    }

    /**
     * The length of the message at the front, its delimiter counted in, or -1 if the first {@code limit} bytes hold none. The
     * first {@code seen} bytes hold none as a whole.
     */
    int find(ByteBuffer in, int seen, int limit) {
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

    /** How many of the last bytes may be the beginning of a delimiter that has not yet come as a whole. */
    int begun(ByteBuffer in) {
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
