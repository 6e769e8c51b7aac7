package io.github.futuresockets.spi;

import io.github.futuresockets.AsyncSockets;

/** An implementation of sockets, found by {@link java.util.ServiceLoader}. */
public interface SocketProvider {

    /**
     * The name by which {@link AsyncSockets.Builder#provider} selects it.
     *
     * @return a short word in lower case
     */
    String name();

    /**
     * How good it is on this machine: the highest is the default.
     *
     * @return the rank; negative: it cannot run here
     */
    int rank();

    /**
     * Starts sockets.
     *
     * @param settings what the user has chosen
     * @return new sockets, to be closed by the caller
     */
    AsyncSockets open(Settings settings);
}
