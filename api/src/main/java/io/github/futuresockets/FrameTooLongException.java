package io.github.futuresockets;

import java.io.IOException;

/**
 * A message is longer than its limit. Its bytes stay readable and the socket stays open, so a program can read past it
 * ({@link AsyncReader#discardUntil}), answer, or close.
 */
public class FrameTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    /** How many bytes were allowed. */
    private final long limit;
    /** How many there are at least. */
    private final long seen;

    /**
     * An exception that carries the numbers.
     *
     * @param message which read, from which peer
     * @param limit how many bytes the message could have had
     * @param seen how many it has at least: those that came, or the length it announces
     */
    public FrameTooLongException(String message, long limit, long seen) {
        super(message);
        this.limit = limit;
        this.seen = seen;
    }

    /**
     * How many bytes the message could have had.
     *
     * @return the limit
     */
    public long limit() {
        return limit;
    }

    /**
     * How many bytes the message has at least: those that came, or the length it announces.
     *
     * @return the number
     */
    public long seen() {
        return seen;
    }
}
