package io.github.futuresockets.impl.common;

import javax.net.ssl.SSLException;

/** The end of a TLS connection without a close_notify. The text shows the class name of {@code SSLException}. */
public final class TruncatedStreamException extends SSLException {
    private static final long serialVersionUID = 1L;

    public TruncatedStreamException(String message) {
        super(message);
    }

    @Override
    public String toString() {
        return SSLException.class.getName() + ": " + getMessage();
    }
}
