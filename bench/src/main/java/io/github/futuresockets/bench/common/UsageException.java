package io.github.futuresockets.bench.common;

/** A wrong command line. The message has the reason. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
