package io.github.futuresockets.bench;

import java.io.IOException;

/** What a load generator drives. */
interface LoadClient {
    /** Sends its first messages. */
    void begin() throws IOException;

    /** Something is ready. Returns how many messages have come back. */
    int ready() throws IOException;

    void close() throws IOException;
}
