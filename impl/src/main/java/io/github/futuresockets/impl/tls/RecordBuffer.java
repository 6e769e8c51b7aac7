package io.github.futuresockets.impl.tls;

import io.github.futuresockets.impl.transport.BufferPool;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/**
 * Encrypted bytes that have arrived, in one array. A record is decrypted in place. The array grows with the bytes that
 * arrive, never with the length that a record claims.
 *
 * <p>Used by one read at a time. Holds no memory while no bytes are buffered.
 */
final class RecordBuffer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int HEADER = 5;
    private static final int CHANGE_CIPHER_SPEC = HEADER + 1;

    private final BufferPool chunks;
    // One read's at a time.
    private ByteBuffer bytes = NOTHING;

    RecordBuffer(BufferPool chunks) {
        this.chunks = chunks;
    }

    /** Copies the arrived bytes to the end of the buffered bytes. Releases {@code arrived} if the buffer is direct. */
    void add(ByteBuffer arrived) {
        int count = arrived.remaining();
        if (bytes.capacity() - bytes.limit() < count) {
            move(bytes.remaining() + count);
        }
        int end = bytes.limit();
        bytes.limit(end + count);
        bytes.put(end, arrived, arrived.position(), count);
        if (arrived.isDirect()) {
            chunks.release(arrived);
        }
    }

    /** Returns the buffered bytes, from the beginning of the next record on. */
    ByteBuffer next() {
        return bytes;
    }

    int size() {
        return bytes.remaining();
    }

    /** Returns the most bytes that the next read of the transport below may bring. */
    int room() {
        return BufferPool.LARGE - bytes.remaining();
    }

    /** Returns true if the next record is complete. */
    boolean isWhole() {
        int begin = bytes.position();
        if (bytes.remaining() < HEADER) {
            return false;
        }
        int length = (bytes.get(begin + 3) & 0xff) << 8 | bytes.get(begin + 4) & 0xff;
        return bytes.remaining() - HEADER >= length;
    }

    /** Returns true if the next record is a change_cipher_spec (RFC 8446, 5). */
    boolean isChangeCipherSpec() {
        int begin = bytes.position();
        return bytes.remaining() >= CHANGE_CIPHER_SPEC
                && bytes.get(begin) == 20
                && bytes.get(begin + 3) == 0
                && bytes.get(begin + 4) == 1
                && bytes.get(begin + HEADER) == 1;
    }

    /** Drops the change_cipher_spec record that comes next. Returns the length of the record in bytes. */
    int dropChangeCipherSpec() {
        bytes.position(bytes.position() + CHANGE_CIPHER_SPEC);
        taken();
        return CHANGE_CIPHER_SPEC;
    }

    /** Notes that a record has been taken out of {@link #next}. Releases the array if no bytes are left. */
    void taken() {
        if (!bytes.hasRemaining()) {
            drop();
        }
    }

    /**
     * Prepares to wait for the rest of a record. A few bytes move to a small array.
     *
     * @throws SSLException if the record is too long for the buffer
     */
    void cut() throws SSLException {
        int size = bytes.remaining();
        if (size >= BufferPool.LARGE) {
            throw new SSLException("a record of more than " + size + " bytes");
        }
        if (size <= BufferPool.SMALL && bytes.capacity() > BufferPool.SMALL) {
            move(size);
        }
    }

    private void move(int size) {
        ByteBuffer moved = chunks.acquireArray(size).put(bytes).flip();
        drop();
        bytes = moved;
    }

    /** Drops all bytes, and releases the array. */
    void drop() {
        if (bytes != NOTHING) {
            chunks.release(bytes);
            bytes = NOTHING;
        }
    }
}
