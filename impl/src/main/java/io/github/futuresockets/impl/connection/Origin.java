package io.github.futuresockets.impl.connection;

/** The listener of an accepted connection. */
public interface Origin {
    /** Called once for each connection, when the connection is closed and released. */
    void released();
}
