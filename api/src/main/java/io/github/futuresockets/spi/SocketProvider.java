package io.github.futuresockets.spi;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.MemoryNetwork;

/** An implementation of sockets, found by {@link java.util.ServiceLoader}. */
public interface SocketProvider {

    /**
     * Returns the name of the provider, for {@link AsyncSockets.Builder#provider}.
     *
     * @return a short word in lower case
     */
    String name();

    /**
     * Returns the rank of the provider on this machine. The provider with the highest rank is the default.
     *
     * @return the rank, or a negative number if the provider cannot run on this machine
     */
    int rank();

    /**
     * Starts sockets.
     *
     * @param settings the settings of the user
     * @return new sockets, to be closed by the caller
     */
    AsyncSockets open(Settings settings);

    /**
     * Starts a network in memory with simulated time, if the provider has such a network.
     *
     * @param settings the settings of the user; the number of threads and the thread factory are ignored
     * @return a new network
     * @throws UnsupportedOperationException if the provider has no such network, as by default
     */
    default MemoryNetwork simulate(Settings settings) {
        throw new UnsupportedOperationException("sockets of " + name() + " are not in memory");
    }
}
