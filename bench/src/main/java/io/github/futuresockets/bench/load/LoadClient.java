package io.github.futuresockets.bench.load;

import java.io.IOException;

/** What a load generator drives. */
interface LoadClient {
    /** Sends its first messages. */
    void begin() throws IOException;

    /**
     * Sends one message more, in an open loop.
     *
     * @param due when it should have been sent: its latency is counted from there
     */
    default void send(long due) throws IOException {
        throw new UnsupportedOperationException("only in a closed loop");
    }

    /** Something is ready. Returns how many messages have come back. */
    int ready() throws IOException;

    void close() throws IOException;
}
