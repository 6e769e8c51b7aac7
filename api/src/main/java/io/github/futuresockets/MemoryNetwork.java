package io.github.futuresockets;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A network within the JVM, for tests. Clients and servers exchange bytes without the kernel. The contract of the
 * sockets holds, except for the threads.
 *
 * <p><b>Threads.</b> The network has no I/O threads. Each call does all I/O that the call makes possible, on the
 * calling thread. So every future that can complete is complete when the call returns. While a thread does I/O, calls
 * on other threads leave their I/O to the first thread.
 *
 * <p><b>Addresses.</b> Addresses are Internet addresses, valid within the network only. Each host name has a separate
 * address. Port 0 selects a free port.
 *
 * <p><b>Options.</b> Socket options are stored and returned. The sizes of the kernel buffers limit the number of bytes
 * that are sent and not yet received.
 */
public interface MemoryNetwork extends AsyncSockets {

    /**
     * Creates a network with simulated time. Simulated time stands still until {@link #advance} is called. So time-outs
     * and delays are exact, and need no real time.
     *
     * <p>A thread that blocks waits in the time of the machine. Examples are {@code get} with a time-out and
     * {@link AsyncScope#await(java.util.concurrent.CompletionStage, Duration)}.
     *
     * @return a new network
     */
    static MemoryNetwork create() {
        return create(settings -> {});
    }

    /**
     * Creates a network with simulated time and with the given settings.
     *
     * @param settings changes the defaults of the builder. The number of threads and the provider are ignored.
     * @return a new network
     */
    static MemoryNetwork create(Consumer<? super AsyncSockets.Builder> settings) {
        SocketsBuilder builder = new SocketsBuilder();
        settings.accept(builder);
        return builder.buildSimulation();
    }

    /**
     * Sets the faults of every connection made from now on. Existing connections are not affected.
     *
     * @param toClient the faults of the bytes from the accepting end to the connecting end
     * @param toServer the faults of the bytes from the connecting end to the accepting end
     * @return this
     */
    MemoryNetwork faults(FaultPlan toClient, FaultPlan toServer);

    /**
     * Makes an address unresponsive. A connect to the address stays pending until its time-out.
     *
     * @param address the address
     * @return this
     */
    MemoryNetwork silent(SocketAddress address);

    /**
     * Creates a connection without a listener. The left end is the connecting end, and the right end is the accepting
     * end.
     *
     * @return a new pair
     */
    AsyncSocketPair pair();

    /**
     * Advances the simulated time. All timers due by then run within the call, in the order of their times.
     *
     * @param time the time to advance, not negative
     * @return this
     * @throws IllegalStateException if the network uses the time of the machine
     */
    MemoryNetwork advance(Duration time);
}
