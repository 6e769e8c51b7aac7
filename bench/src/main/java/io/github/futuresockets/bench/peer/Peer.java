package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.util.List;

/** An echo server on 127.0.0.1. An instance is a single server, and starts at most once. */
public interface Peer extends AutoCloseable {

    /** Returns the reason, in a few words, why the server cannot run on the machine and its JDK. Empty if possible. */
    default String obstacle() {
        return "";
    }

    /**
     * Returns the JVM flags of the server, in addition to the flags of all servers.
     *
     * @param threads the number of I/O threads at the start
     */
    default List<String> jvmFlags(int threads) {
        return List.of();
    }

    /**
     * Starts the server. After the return, the server accepts connections.
     *
     * @param port the port, or 0 for any free port
     * @param threads the number of I/O threads
     * @param buffer the maximum number of bytes of a read; ignored if the library of the server chooses
     * @return the port of the server
     * @throws IOException if the server cannot start
     */
    int start(int port, int threads, int buffer) throws IOException;

    /** Returns the id of the process with the CPU time of the server. */
    default long pid() {
        return ProcessHandle.current().pid();
    }

    /** Ends the server and its connections. After the return, no socket listens at the port of the server. */
    @Override
    void close() throws IOException;
}
