package io.github.futuresockets.loop;

import java.nio.ByteBuffer;
import java.util.Objects;

/** The checks of the caller's buffers, and the limit of a heap buffer for each system call. */
final class Buffers {
    /**
     * The bytes of a heap buffer that a system call gets at most. Because the JDK copies the whole heap buffer to a
     * direct buffer for each partial write, and keeps the largest direct buffer of each thread.
     */
    private static final int COPIED = 128 << 10;

    private Buffers() {}

    /** Returns the buffer of a read, if the buffer can be written by any thread. */
    static ByteBuffer writable(ByteBuffer buffer) {
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        return shared(buffer);
    }

    /**
     * Returns the buffer of an operation, if any thread can access the buffer: a loop's thread may finish the
     * operation.
     */
    static ByteBuffer shared(ByteBuffer buffer) {
        if (Segments.isConfined(buffer)) {
            throw new IllegalArgumentException("The buffer's memory is confined to one thread");
        }
        return buffer;
    }

    /**
     * Accesses the buffer of an operation that is going to wait for the channel.
     *
     * @throws IllegalStateException if the buffer's memory has been released
     */
    static void ensureAlive(ByteBuffer buffer) {
        if (buffer.isDirect() && buffer.hasRemaining()) {
            buffer.get(buffer.position());
        }
    }

    /** Returns a copy of a range of the array. */
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

    /** Reduces the limit of a large heap buffer for a system call. Returns the limit that the caller must restore. */
    static int cut(ByteBuffer buffer) {
        int limit = buffer.limit();
        if (limit - buffer.position() > COPIED && !buffer.isDirect()) {
            buffer.limit(buffer.position() + COPIED);
        }
        return limit;
    }
}
