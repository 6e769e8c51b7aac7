package io.github.futuresockets.impl;

import javax.net.ssl.SSLException;

/** The end of a connection whose stream had not ended. */
final class TlsTruncation extends SSLException {
    private static final long serialVersionUID = 1L;

    TlsTruncation(String message) {
        super(message);
    }

    @Override
    public String toString() {
        return SSLException.class.getName() + ": " + getMessage();
    }
}
