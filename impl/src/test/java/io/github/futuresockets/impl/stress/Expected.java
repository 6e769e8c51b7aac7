package io.github.futuresockets.impl.stress;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.codec.FrameTooLongException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a read must give, computed on a plain array.
 *
 * @param kind the way it ends
 * @param value what it gives: bytes, a string or null
 * @param number bytes taken, expected or allowed: by the kind
 */
record Expected(Kind kind, Object value, int number) {

    /** The ways a read can end. */
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

    /** There is not enough yet; at the end of the stream, a failure with what is there. */
    static Expected notYet(byte[] rest, boolean ended, int expected) {
        return ended ? new Expected(Kind.INCOMPLETE, rest, expected) : new Expected(Kind.PENDING, null, 0);
    }

    boolean isPending() {
        return kind == Kind.PENDING;
    }

    /** The read succeeded with this: how many bytes it took. */
    int succeeded(Object content) {
        if (kind != Kind.VALUE || !Objects.deepEquals(value, content)) {
            throw new AssertionError("it gave " + show(content) + ", due is " + this);
        }
        return number;
    }

    /** The read failed with this, by itself. */
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
