package io.github.futuresockets.loop;

import java.nio.ByteBuffer;
import java.util.Objects;

/** What the buffers of an operation must be. */
final class Buffers {
    /**
     * So much of a heap buffer goes through one system call. The JDK copies all that it is given into a direct buffer, again
     * for each partial write, and keeps the largest one for each thread.
     */
    private static final int COPIED = 128 << 10;

    private Buffers() {}

    static ByteBuffer writable(ByteBuffer buffer) {
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        return buffer;
    }

    static ByteBuffer[] part(ByteBuffer[] buffers, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffers.length);
        ByteBuffer[] part = new ByteBuffer[length];
        for (int i = 0; i < length; i++) {
            part[i] = Objects.requireNonNull(buffers[offset + i], "a buffer");
        }
        return part;
    }

    static long remaining(ByteBuffer[] buffers) {
        long sum = 0;
        for (ByteBuffer each : buffers) {
            sum += each.remaining();
        }
        return sum;
    }

    /** Cuts a large heap buffer for one system call; returns the limit to put back. */
    static int cut(ByteBuffer buffer) {
        int limit = buffer.limit();
        if (limit - buffer.position() > COPIED && !buffer.isDirect()) {
            buffer.limit(buffer.position() + COPIED);
        }
        return limit;
    }
}
