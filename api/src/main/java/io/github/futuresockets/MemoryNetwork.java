package io.github.futuresockets;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Sockets that need no kernel: a client and a server talk to each other within the JVM, for tests. The contract is the same
 * but for the threads: there are none. What a call makes possible is done within that call, on its thread, so when it returns
 * the futures are done that can be; and while one thread is at it, others leave it what they make possible.
 *
 * <p>Addresses are those of the Internet, without a meaning outside. Each name gets an address of its own. Port 0 is any
 * free one. Options are remembered; the sizes of the buffers of the kernel bound how many bytes are on their way.
 */
public interface MemoryNetwork extends AsyncSockets {

    /**
     * A network of its own, with a time of its own that stands still until it is {@linkplain #advance advanced}: time-outs,
     * delays and staggers are exact, and pass at once. Threads that block still wait in the time of the machine: timed
     * {@code get}, {@link AsyncScope#await(java.util.concurrent.CompletionStage, Duration)}.
     *
     * @return a new network
     */
    static MemoryNetwork create() {
        return create(settings -> {});
    }

    /**
     * The same, with settings.
     *
     * @param settings changes defaults; threads and provider do not count
     * @return a new network
     */
    static MemoryNetwork create(Consumer<? super AsyncSockets.Builder> settings) {
        SocketsBuilder builder = new SocketsBuilder();
        settings.accept(builder);
        return builder.buildSimulation();
    }

    /**
     * Has something go wrong on every connection that is made from now on.
     *
     * @param toClient what happens to bytes on their way to who connects
     * @param toServer what happens to bytes on their way to who accepts
     * @return this
     */
    MemoryNetwork faults(FaultPlan toClient, FaultPlan toServer);

    /**
     * Has nobody answer at an address: who connects there waits.
     *
     * @param address nobody listens there
     * @return this
     */
    MemoryNetwork silent(SocketAddress address);

    /**
     * A connection without a listener: the left end has connected, the right end was accepted.
     *
     * @return a new pair
     */
    AsyncSocketPair pair();

    /**
     * Lets time pass: what is due by then happens in its order, within this call.
     *
     * @param time not negative
     * @return this
     * @throws IllegalStateException if this network has the time of the machine
     */
    MemoryNetwork advance(Duration time);
}
