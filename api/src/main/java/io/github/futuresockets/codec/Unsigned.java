package io.github.futuresockets.codec;

import java.nio.ByteBuffer;

/** Unsigned numbers of 1 to 8 bytes. The byte order and the position of the buffer are neither used nor changed. */
final class Unsigned {
    private Unsigned() {}

    /** Returns the number at index {@code at}. A negative result is a number above {@code Long.MAX_VALUE}. */
    static long get(ByteBuffer in, int at, int bytes, boolean bigEndian) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | in.get(at + (bigEndian ? i : bytes - 1 - i)) & 0xff;
        }
        return value;
    }

    /** Writes the low bytes of a number at index {@code at}. */
    static void put(ByteBuffer out, int at, long value, int bytes, boolean bigEndian) {
        for (int i = 0; i < bytes; i++) {
            out.put(at + i, (byte) (value >>> 8 * (bigEndian ? bytes - 1 - i : i)));
        }
    }
}
