package io.github.futuresockets.codec;

import java.nio.ByteBuffer;

/** Characters in UTF-8 (RFC 3629), as encoded by {@link String#getBytes}. */
final class Utf8 {
    private Utf8() {}

    /** Returns the number of bytes of a code point. A surrogate without its pair becomes a question mark. */
    static int size(int code) {
        if (code < 0x80 || isSurrogate(code)) {
            return 1;
        }
        return code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    }

    private static boolean isSurrogate(int code) {
        return code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
    }

    /** Writes a code point at index {@code at}, and returns the index behind. */
    static int put(int code, ByteBuffer out, int at) {
        int size = size(code);
        if (size == 1) {
            out.put(at, (byte) (isSurrogate(code) ? '?' : code));
            return at + 1;
        }
        int rest = code;
        for (int i = size - 1; i > 0; i--) {
            out.put(at + i, (byte) (0x80 | rest & 0x3f));
            rest >>= 6;
        }
        out.put(at, (byte) (0xf00 >> size | rest));
        return at + size;
    }
}
