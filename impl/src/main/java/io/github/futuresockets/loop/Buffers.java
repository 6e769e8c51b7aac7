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

    /** The buffer of a read. */
    static ByteBuffer writable(ByteBuffer buffer) {
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        return shared(buffer);
    }

    /** The buffer of any operation: the thread that goes on with the operation may be another one. */
    static ByteBuffer shared(ByteBuffer buffer) {
        if (Segments.isConfined(buffer)) {
            throw new IllegalArgumentException("The buffer's memory is confined to one thread");
        }
        return buffer;
    }

    /**
     * Touches a buffer that is going to wait for the channel.
     *
     * @throws IllegalStateException if the buffer's memory has been released
     */
    static void ensureAlive(ByteBuffer buffer) {
        if (buffer.isDirect() && buffer.hasRemaining()) {
            buffer.get(buffer.position());
        }
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
