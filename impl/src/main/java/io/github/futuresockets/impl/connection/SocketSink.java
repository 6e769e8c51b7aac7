package io.github.futuresockets.impl.connection;

/** A writer of bytes implemented by a socket of this library. A transfer to such a writer needs no copy. */
public interface SocketSink {
    /** Returns the write side of the connection below the socket. */
    WriteSide writes();
}
