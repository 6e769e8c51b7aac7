package io.github.futuresockets.codec;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/** Lengths in decimal digits of ASCII. Signs, spaces and the digits of other scripts are refused. */
final class Decimal {
    private Decimal() {}

    /** Returns true if a byte or a char is a digit. */
    static boolean isDigit(int next) {
        return next >= '0' && next <= '9';
    }

    /** Returns the value of a digit. A byte is passed without its sign. */
    static int digit(int next) throws ProtocolException {
        if (!isDigit(next)) {
            throw new ProtocolException("a length with 0x" + Integer.toHexString(next) + ", not a digit");
        }
        return next - '0';
    }

    /** Returns the number of digits of a length. */
    static int width(int length) {
        int width = 1;
        for (int rest = length; rest > 9; rest /= 10) {
            width++;
        }
        return width;
    }

    /** Puts a length with leading zeros into {@code width} bytes at the position of {@code out}. */
    static void put(ByteBuffer out, int length, int width) {
        int begin = out.position();
        int rest = length;
        for (int i = begin + width - 1; i >= begin; i--) {
            out.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        out.position(begin + width);
    }
}
