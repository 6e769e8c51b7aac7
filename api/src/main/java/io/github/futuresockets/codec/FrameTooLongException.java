package io.github.futuresockets.codec;

import java.io.IOException;

/**
 * Thrown when a message is longer than its limit. The bytes stay readable and the socket stays open. So a program can
 * skip the message ({@link io.github.futuresockets.AsyncReader#discardUntil}), reply, or close the socket.
 */
public class FrameTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The largest allowed number of bytes. */
    private final long limit;
    /** The number of bytes of the message, or a lower bound. */
    private final long seen;

    /**
     * Creates an exception.
     *
     * @param message the read and its peer
     * @param limit the largest allowed number of bytes of the message
     * @param seen the number of bytes that arrived, or the length in the prefix of the message
     */
    public FrameTooLongException(String message, long limit, long seen) {
        super(message);
        this.limit = limit;
        this.seen = seen;
    }

    /**
     * Returns the largest allowed number of bytes of the message.
     *
     * @return the limit
     */
    public long limit() {
        return limit;
    }

    /**
     * Returns the number of bytes of the message, or a lower bound. The number is the length in the prefix of the
     * message, or otherwise the number of bytes that arrived.
     *
     * @return the number
     */
    public long seen() {
        return seen;
    }
}
