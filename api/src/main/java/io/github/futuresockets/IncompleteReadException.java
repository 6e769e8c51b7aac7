package io.github.futuresockets;

import java.io.EOFException;
import java.nio.ByteBuffer;

/**
 * Thrown when the stream ends before a read has all of its bytes. The arrived bytes stay readable on the socket, and
 * the exception carries a copy.
 */
public class IncompleteReadException extends EOFException {
    private static final long serialVersionUID = 1L;

    /** The arrived bytes. */
    private final byte[] partial;
    /** The number of bytes of the complete result, or -1 if unknown. */
    private final int expected;

    /**
     * Creates an exception with a copy of the arrived bytes.
     *
     * @param message the read and its peer
     * @param partial the arrived bytes, from the position to the limit of the buffer; copied
     * @param expected the number of bytes of the complete result, or -1 if unknown
     */
    public IncompleteReadException(String message, ByteBuffer partial, int expected) {
        super(message);
        this.partial = new byte[partial.remaining()];
        partial.duplicate().get(this.partial);
        this.expected = expected;
    }

    /**
     * Returns the arrived bytes.
     *
     * @return a new read-only view, empty if the stream ended before the first byte
     */
    public ByteBuffer partial() {
        return ByteBuffer.wrap(partial).asReadOnlyBuffer();
    }

    /**
     * Returns the number of bytes of the complete result.
     *
     * @return the number, or -1 if unknown
     */
    public int expected() {
        return expected;
    }
}
