package io.github.futuresockets.bench.common;

/** The command line cannot be understood; the message says why. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
