package io.github.futuresockets.impl;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/**
 * Encrypted bytes that have arrived, one behind the other in an array, in which a record is decrypted where it lies. The array
 * grows with the bytes that come and never with the length that a record claims.
 *
 * <p>Used by one fill at a time. While nothing has arrived it holds no memory.
 */
final class TlsRecords {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int HEADER = 5;
    private static final int CHANGE_CIPHER_SPEC = HEADER + 1;

    private final Chunks chunks;
    private ByteBuffer bytes = NOTHING;

    TlsRecords(Chunks chunks) {
        this.chunks = chunks;
    }

    /** Takes over what has arrived. */
    void add(ByteBuffer arrived) {
        int count = arrived.remaining();
        if (bytes.capacity() - bytes.limit() < count) {
            move(bytes.remaining() + count);
        }
        int end = bytes.limit();
        bytes.limit(end + count);
        bytes.put(end, arrived, arrived.position(), count);
        if (arrived.isDirect()) {
            chunks.give(arrived);
        }
    }

    /** The bytes from the beginning of the next record on. */
    ByteBuffer next() {
        return bytes;
    }

    int size() {
        return bytes.remaining();
    }

    /** How many bytes may arrive next. */
    int room() {
        return Chunks.LARGE - bytes.remaining();
    }

    /** Whether {@link #next} gives a whole record. */
    boolean isWhole() {
        int begin = bytes.position();
        if (bytes.remaining() < HEADER) {
            return false;
        }
        int length = (bytes.get(begin + 3) & 0xff) << 8 | bytes.get(begin + 4) & 0xff;
        return bytes.remaining() - HEADER >= length;
    }

    /** Whether {@link #next} gives a change_cipher_spec: RFC 8446, 5. */
    boolean isChangeCipherSpec() {
        int begin = bytes.position();
        return bytes.remaining() >= CHANGE_CIPHER_SPEC
                && bytes.get(begin) == 20
                && bytes.get(begin + 3) == 0
                && bytes.get(begin + 4) == 1
                && bytes.get(begin + HEADER) == 1;
    }

    /** Drops it. Returns its length. */
    int dropChangeCipherSpec() {
        bytes.position(bytes.position() + CHANGE_CIPHER_SPEC);
        taken();
        return CHANGE_CIPHER_SPEC;
    }

    /** A record has been taken out of {@link #next}. */
    void taken() {
        if (!bytes.hasRemaining()) {
            drop();
        }
    }

    /** What is left of it has to wait for more: in no more memory than it takes. */
    void cut() throws SSLException {
        int size = bytes.remaining();
        if (size >= Chunks.LARGE) {
            throw new SSLException("a record of more than " + size + " bytes");
        }
        if (size <= Chunks.SMALL && bytes.capacity() > Chunks.SMALL) {
            move(size);
        }
    }

    private void move(int size) {
        ByteBuffer moved = chunks.takeArray(size).put(bytes).flip();
        drop();
        bytes = moved;
    }

    /** Forgets everything. */
    void drop() {
        if (bytes != NOTHING) {
            chunks.give(bytes);
            bytes = NOTHING;
        }
    }
}
