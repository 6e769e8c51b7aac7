package io.github.futuresockets.impl;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongConsumer;

/** Checks what users hand in. */
final class Arguments {
    private Arguments() {}

    static ByteBuffer writableBuffer(ByteBuffer dst) {
        require(!dst.isReadOnly(), "dst is read-only");
        return dst;
    }

    static void check(long count, LongConsumer progress) {
        require(count >= 0, "count " + count + " is negative");
        Objects.requireNonNull(progress, "progress");
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
