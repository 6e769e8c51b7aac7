package io.github.futuresockets.impl.connection;

import io.github.futuresockets.impl.transport.BufferPool;
import io.github.futuresockets.impl.transport.IoLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The read buffer of a connection, with the bytes that have arrived and that no read has taken. A single pooled buffer
 * is kept without a copy. If more bytes arrive after an incomplete message, all bytes move to a heap buffer. The heap
 * buffer grows with the bytes that arrive.
 *
 * <p><b>Concurrency.</b> Guarded by the lock of the {@link ReadState} that owns the buffer. While a decoder runs, only
 * the decoding thread uses the bytes.
 */
final class ReadBuffer {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final IoLoop loop;
    private ByteBuffer in = EMPTY;

    /** The most bytes that any read could use so far. */
    private int largest = 1;

    // written at the begin of a decoder under the lock, and by the decoding thread
    /** The number of bytes at the last mark. */
    private int marked;

    // written under the lock; the thread that reads from the transport reads it without the lock
    private int ask;

    /** Makes an empty buffer. Pooled buffers are released to the pool of {@code loop}. */
    ReadBuffer(IoLoop loop) {
        this.loop = loop;
    }

    /** Notes a read that can use {@code most} bytes. From now on a read of the transport may prefetch up to this number. */
    void expect(int most) {
        largest = Math.max(largest, most);
    }

    /**
     * Plans the size of the next read of the transport.
     *
     * @param missing the bytes that the pending read misses
     * @param chunk the largest pooled buffer of use to the read
     * @param all true if all bytes are to be taken, even without a read
     */
    void plan(int missing, int chunk, boolean all) {
        int most = missing > BufferPool.LARGE / 2 ? Math.min(missing, chunk) : BufferPool.LARGE;
        ask = all ? BufferPool.LARGE : Math.min(largest, most);
    }

    /** Returns the planned size. For the thread that reads from the transport. */
    int ask() {
        return ask;
    }

    /** Returns the buffer. Its bytes are from the position to the limit. */
    ByteBuffer bytes() {
        return in;
    }

    int size() {
        return in.remaining();
    }

    /** Marks the number of bytes that a withdrawal of the decoding read restores. */
    void mark() {
        marked = size();
    }

    /** Returns the number of bytes at the last mark. */
    int marked() {
        return marked;
    }

    /**
     * Adds the bytes of a buffer, and takes over the buffer.
     *
     * @param total the bytes that the pending read wants
     * @return null, or the failure if there is no memory
     */
    @Nullable IOException add(ByteBuffer chunk, int total) {
        try {
            append(chunk, total);
            return null;
        } catch (Throwable e) {
            refuse(chunk);
            return new IOException("no memory for " + chunk.remaining() + " bytes after " + in.remaining(), e);
        }
    }

    private void append(ByteBuffer chunk, int total) {
        if (!in.hasRemaining()) {
            drop();
            in = chunk;
            return;
        }
        int size = in.remaining() + chunk.remaining();
        if (in.isDirect() || in.capacity() - in.limit() < chunk.remaining()) {
            ByteBuffer larger = ByteBuffer.allocate(capacity(size, total));
            larger.put(in).flip();
            drop();
            in = larger;
        }
        int start = in.position();
        in.position(in.limit()).limit(start + size);
        in.put(chunk).position(start);
        refuse(chunk);
    }

    /**
     * Returns the capacity of the next heap buffer. Doubling keeps the cost of the copies linear. The capacity stops at
     * {@code total}, so that the buffer itself can become the result of the read.
     */
    private static int capacity(int size, int total) {
        int doubled = size > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE - 8 : 2 * size;
        return Math.max(size, Math.min(doubled, total));
    }

    /** Puts detached bytes back in front of all other bytes, and takes over their buffer. */
    void putBack(ByteBuffer bytes) {
        if (!in.hasRemaining()) {
            drop();
            in = bytes;
            return;
        }
        ByteBuffer all = ByteBuffer.allocate(bytes.remaining() + in.remaining());
        all.put(bytes).put(in).flip();
        refuse(bytes);
        drop();
        in = all;
    }

    /** Empties the read buffer and returns the old buffer, owned by the caller from now on. */
    ByteBuffer detach() {
        ByteBuffer all = in;
        in = EMPTY;
        return all;
    }

    /** Releases the memory of an empty buffer. */
    void releaseIfEmpty() {
        if (!in.hasRemaining() && in != EMPTY) {
            drop();
        }
    }

    /** Takes over a buffer without reading its bytes. A pooled buffer is released. */
    void refuse(ByteBuffer chunk) {
        if (chunk.isDirect()) {
            loop.chunks().release(chunk);
        }
    }

    /** Drops all bytes. */
    void drop() {
        ByteBuffer old = detach();
        refuse(old);
    }
}
