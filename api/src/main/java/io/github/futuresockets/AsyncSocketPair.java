package io.github.futuresockets;

/**
 * Both ends of a connection in memory, for tests of protocols. Both ends are complete sockets, but without the kernel.
 * An operation on either end completes the matching futures of the other end on the calling thread. So a test need not
 * wait.
 *
 * @param left one end
 * @param right the other end
 */
public record AsyncSocketPair(AsyncSocket left, AsyncSocket right) implements AutoCloseable {

    /**
     * Creates a connected pair that uses the time of the machine. {@link MemoryNetwork#pair} creates a pair with
     * simulated time.
     *
     * @return a new pair
     */
    public static AsyncSocketPair inMemory() {
        return inMemory(FaultPlan.NONE, FaultPlan.NONE);
    }

    /**
     * Creates a connected pair with faults.
     *
     * @param toLeft the faults of the bytes from the right end to the left end
     * @param toRight the faults of the bytes from the left end to the right end
     * @return a new pair
     */
    public static AsyncSocketPair inMemory(FaultPlan toLeft, FaultPlan toRight) {
        MemoryNetwork network = (MemoryNetwork) AsyncSockets.builder()
                .provider("memory")
                .threads(1)
                .closeTimeout(java.time.Duration.ZERO)
                .build();
        return network.faults(toLeft, toRight).pair();
    }

    /** Closes both ends. */
    @Override
    public void close() {
        left.close();
        right.close();
    }
}
