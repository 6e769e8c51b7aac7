package io.github.futuresockets.bench;

import java.io.IOException;

/** An echo server on 127.0.0.1, in one of its forms. One instance is one server. */
interface Peer extends AutoCloseable {

    /**
     * Starts to serve.
     *
     * @param port 0: any free one
     * @param threads how many I/O threads
     * @param buffer how many bytes one read may bring
     * @return the port
     */
    int start(int port, int threads, int buffer) throws IOException;

    /** The process whose CPU time is the server's. */
    default long pid() {
        return ProcessHandle.current().pid();
    }

    /** Ends the server and its connections. */
    @Override
    void close() throws IOException;
}
