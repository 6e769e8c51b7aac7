package io.github.futuresockets.impl.connection;

import io.github.futuresockets.SocketStats;

/** An object that has to end before the loops of its host may end. */
public interface Resource {
    /** Ends the resource at once, by any thread, any number of times. {@link ConnectionHost#unregister} follows. */
    void abort();

    /** Begins a shutdown of the resource, by any thread, any number of times. */
    default void stop() {}

    /** Returns the bytes and operations of the resource so far. Callable by any thread. */
    default SocketStats stats() {
        return SocketStats.NONE;
    }
}
