package io.github.futuresockets.bench.load;

import java.io.IOException;

/** A client that a load generator drives, on the generator's thread alone. */
interface LoadClient {
    /** Sends the first messages. */
    void begin() throws IOException;

    /**
     * Sends another message, in an open loop.
     *
     * @param due the planned time of the message, as a value of {@link System#nanoTime}, where its latency begins
     */
    default void send(long due) throws IOException {
        throw new UnsupportedOperationException("only in a closed loop");
    }

    /** Reads and writes as far as the channel is ready. Returns the number of messages that have come back. */
    int ready() throws IOException;

    void close() throws IOException;
}
