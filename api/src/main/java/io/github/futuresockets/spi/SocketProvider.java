package io.github.futuresockets.spi;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.MemoryNetwork;

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

    /**
     * Starts sockets without a kernel, in a time that stands still, if this provider has any.
     *
     * @param settings what the user has chosen; threads do not count
     * @return a new network
     * @throws UnsupportedOperationException if it has none
     */
    default MemoryNetwork simulate(Settings settings) {
        throw new UnsupportedOperationException("sockets of " + name() + " are not in memory");
    }
}
