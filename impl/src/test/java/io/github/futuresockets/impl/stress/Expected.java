package io.github.futuresockets.impl.stress;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.codec.FrameTooLongException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * The expected outcome of a read, computed on a plain array.
 *
 * @param kind the way in which the read ends
 * @param value the result or the bytes of the failure, as bytes, a string or null
 * @param number the number of bytes taken or expected, or the limit, by the kind
 */
record Expected(Kind kind, Object value, int number) {

    /** The way in which a read ends, or {@code PENDING} while bytes are missing. */
    enum Kind {
        VALUE,
        PENDING,
        INCOMPLETE,
        TOO_LONG
    }

    static Expected value(Object value, int taken) {
        return new Expected(Kind.VALUE, value, taken);
    }

    static Expected tooLong(int limit) {
        return new Expected(Kind.TOO_LONG, null, limit);
    }

    /**
     * Returns the outcome for missing bytes. The outcome is pending, or at the end of the stream a failure with the
     * received bytes.
     */
    static Expected notYet(byte[] rest, boolean ended, int expected) {
        return ended ? new Expected(Kind.INCOMPLETE, rest, expected) : new Expected(Kind.PENDING, null, 0);
    }

    boolean isPending() {
        return kind == Kind.PENDING;
    }

    /** Checks the result of a successful read, and returns the number of bytes taken. */
    int succeeded(Object content) {
        if (kind != Kind.VALUE || !Objects.deepEquals(value, content)) {
            throw new AssertionError("it gave " + show(content) + ", due is " + this);
        }
        return number;
    }

    /** Checks the failure of a read that its caller did not end. */
    void failed(Throwable failure) {
        boolean right = false;
        if (kind == Kind.INCOMPLETE && failure instanceof IncompleteReadException) {
            IncompleteReadException incomplete = (IncompleteReadException) failure;
            right = incomplete.expected() == number && Arrays.equals((byte[]) value, bytes(incomplete.partial()));
        } else if (kind == Kind.TOO_LONG && failure instanceof FrameTooLongException) {
            FrameTooLongException tooLong = (FrameTooLongException) failure;
            right = tooLong.limit() == number && tooLong.seen() >= number;
        }
        if (!right) {
            throw new AssertionError("it failed with " + describe(failure) + ", due is " + this, failure);
        }
    }

    private static String describe(Throwable failure) {
        if (failure instanceof IncompleteReadException) {
            IncompleteReadException incomplete = (IncompleteReadException) failure;
            return failure + " (" + show(bytes(incomplete.partial())) + " of " + incomplete.expected() + ")";
        }
        if (failure instanceof FrameTooLongException) {
            FrameTooLongException tooLong = (FrameTooLongException) failure;
            return failure + " (limit " + tooLong.limit() + ", seen " + tooLong.seen() + ")";
        }
        return String.valueOf(failure);
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static String show(Object value) {
        if (!(value instanceof byte[])) {
            return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
        }
        byte[] bytes = (byte[]) value;
        StringBuilder text = new StringBuilder().append(bytes.length).append(" bytes [");
        for (int i = 0; i < Math.min(bytes.length, 80); i++) {
            text.append(
                    bytes[i] >= ' ' && bytes[i] < 127
                            ? String.valueOf((char) bytes[i])
                            : String.format("\\x%02x", bytes[i]));
        }
        return text.append(bytes.length > 80 ? "...]" : "]").toString();
    }

    @Override
    public String toString() {
        return kind + " " + show(value) + ", " + number;
    }
}
