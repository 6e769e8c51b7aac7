package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.util.List;

/** An echo server on 127.0.0.1, in one of its forms. One instance is one server. */
public interface Peer extends AutoCloseable {

    /** Why it cannot run on this machine and this JDK, in a few words; empty: it can. */
    default String obstacle() {
        return "";
    }

    /**
     * What the JVM in which it serves is to be given beside what all are.
     *
     * @param threads how many I/O threads it will be started with
     */
    default List<String> jvmFlags(int threads) {
        return List.of();
    }

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

    /** Ends the server and its connections: when this has returned, nobody listens at its port any more. */
    @Override
    void close() throws IOException;
}
