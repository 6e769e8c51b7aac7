package io.github.futuresockets;

import java.io.EOFException;
import java.nio.ByteBuffer;

/**
 * The stream ended before everything was there that a read had asked for. What came stays readable on the socket, and a
 * copy of it is here.
 */
public class IncompleteReadException extends EOFException {
    private static final long serialVersionUID = 1L;

    /** What came. */
    private final byte[] partial;
    /** What would have been complete. */
    private final int expected;

    /**
     * An exception that carries what came.
     *
     * @param message which read, from which peer
     * @param partial what came, from its position to its limit; copied
     * @param expected how many bytes would have been complete, or -1 if nobody knows
     */
    public IncompleteReadException(String message, ByteBuffer partial, int expected) {
        super(message);
        this.partial = new byte[partial.remaining()];
        partial.duplicate().get(this.partial);
        this.expected = expected;
    }

    /**
     * The bytes that came.
     *
     * @return a fresh read-only view; empty if the stream ended before the first byte
     */
    public ByteBuffer partial() {
        return ByteBuffer.wrap(partial).asReadOnlyBuffer();
    }

    /**
     * How many bytes would have been complete.
     *
     * @return the number, or -1 if nobody knows
     */
    public int expected() {
        return expected;
    }
}
