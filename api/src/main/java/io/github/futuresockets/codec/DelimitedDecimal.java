package io.github.futuresockets.codec;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The codec of {@link Codecs#decimalPrefixed(byte[], int)} and {@link Codecs#netstrings}. */
final class DelimitedDecimal implements Sized<ByteBuffer> {
    private final byte[] delimiter;
    /** The bytes behind the content, possibly none. */
    private final byte[] trailer;

    /** The largest number of bytes of a message. Invariant: the sum of {@link #size} does not overflow. */
    private final int limit;

    DelimitedDecimal(byte[] delimiter, byte[] trailer, int limit) {
        this.delimiter = delimiter;
        this.trailer = trailer;
        this.limit = Math.min(limit, Integer.MAX_VALUE - 10 - delimiter.length - trailer.length);
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer in, int seen) throws IOException {
        int begin = in.position();
        int end = in.limit();
        int at = begin;
        int length = 0;
        for (; at < end && Decimal.isDigit(in.get(at)); at++) {
            if (length == 0 && at > begin) {
                throw new ProtocolException("a length with a leading zero");
            }
            length = longer(length, Decimal.digit(in.get(at)));
        }
        if (at < end && at == begin) {
            throw new ProtocolException("a length without a digit, but with 0x" + hex(in.get(at)));
        }
        if (at == begin || !follows(in, at, delimiter)) {
            return null;
        }
        at += delimiter.length;
        if (end - at < length || !follows(in, at + length, trailer)) {
            return null;
        }
        ByteBuffer message = Content.take(in.position(at), length);
        in.position(at + length + trailer.length);
        return message;
    }

    /** Appends a digit to a length. Fails above the limit, without a look at the next digit. */
    private int longer(int length, int digit) throws FrameTooLongException {
        long longer = 10L * length + digit;
        if (longer > limit) {
            throw Content.announced(limit, longer + " or more", longer);
        }
        return (int) longer;
    }

    /** Returns true if all expected bytes follow at index {@code at}. Fails at the first other byte. */
    private static boolean follows(ByteBuffer in, int at, byte[] expected) throws ProtocolException {
        for (int i = 0; i < expected.length; i++) {
            if (at + i == in.limit()) {
                return false;
            }
            if (in.get(at + i) != expected[i]) {
                throw new ProtocolException("0x" + hex(in.get(at + i)) + " instead of 0x" + hex(expected[i]));
            }
        }
        return true;
    }

    private static String hex(byte value) {
        return Integer.toHexString(value & 0xff);
    }

    @Override
    public int limit() {
        return bytes(limit);
    }

    /** Returns the number of bytes of an encoded message with a content of {@code length} bytes. */
    private int bytes(int length) {
        return Decimal.width(length) + delimiter.length + length + trailer.length;
    }

    @Override
    public int size(ByteBuffer message) throws IOException {
        if (message.remaining() > limit) {
            throw Content.tooLong(limit, message.remaining());
        }
        return bytes(message.remaining());
    }

    @Override
    public void put(ByteBuffer message, ByteBuffer out) {
        int length = message.remaining();
        Decimal.put(out, length, Decimal.width(length));
        out.put(delimiter);
        Content.put(out, message);
        out.put(trailer);
    }
}
