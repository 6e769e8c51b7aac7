package io.github.futuresockets;

/**
 * Both ends of a conversation, for tests of what is spoken between them. They are sockets as any others, but for the kernel:
 * what is done to one completes the futures of the other on the calling thread, so a test need not wait.
 *
 * @param left one end
 * @param right the other end
 */
public record AsyncSocketPair(AsyncSocket left, AsyncSocket right) implements AutoCloseable {

    /**
     * A connected pair, in the time of the machine. For one whose time a test moves see {@link MemoryNetwork#pair}.
     *
     * @return a pair of its own
     */
    public static AsyncSocketPair inMemory() {
        return inMemory(FaultPlan.NONE, FaultPlan.NONE);
    }

    /**
     * A connected pair with faults.
     *
     * @param toLeft what happens to bytes on their way to the left end
     * @param toRight what happens to bytes on their way to the right end
     * @return a pair of its own
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
