package io.github.futuresockets.impl.common;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongConsumer;

/** Checks of arguments. */
public final class Checks {
    private Checks() {}

    /** Returns the buffer, or throws {@code IllegalArgumentException} if the buffer is read-only. */
    public static ByteBuffer writableBuffer(ByteBuffer dst) {
        require(!dst.isReadOnly(), "dst is read-only");
        return dst;
    }

    /**
     * Throws {@code IllegalArgumentException} for a negative count, {@code NullPointerException} without a progress
     * callback.
     */
    public static void check(long count, LongConsumer progress) {
        require(count >= 0, "count", count, "is negative");
        Objects.requireNonNull(progress, "progress");
    }

    /** Throws {@code IllegalArgumentException} with the given message unless the condition is true. */
    public static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /**
     * Throws {@code IllegalArgumentException} with the name, the value and the complaint unless the condition is true. The
     * message is made for a failure only, because each operation checks its arguments.
     */
    public static void require(boolean condition, String name, long value, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException(name + " " + value + " " + complaint);
        }
    }
}
