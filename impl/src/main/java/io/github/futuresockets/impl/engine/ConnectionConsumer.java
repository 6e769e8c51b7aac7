package io.github.futuresockets.impl.engine;

/** The receiver of the connections of a {@link ConnectionSource}. The methods are called by any thread, without locks. */
interface ConnectionConsumer {
    /**
     * Returns true if the consumer wants a connection now.
     *
     * @param failing true if the last accept has failed, because of a want of descriptors in most cases
     */
    boolean wants(boolean failing);

    /**
     * Receives a connection, on an I/O thread in most cases. The consumer uses the connection on its loop. Throws only
     * if the consumer cannot take the connection, for want of memory.
     */
    void accept(Arrival arrival);

    /** Called once, when the listener is closed. The consumer rejects all connections from now on. */
    void closed();
}
