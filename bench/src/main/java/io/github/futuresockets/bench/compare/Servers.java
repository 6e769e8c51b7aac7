package io.github.futuresockets.bench.compare;

import io.github.futuresockets.bench.result.Workload;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The running servers of a comparison. A server stays from load to load, until {@link #close} at the end of a round or
 * of the comparison.
 */
final class Servers implements AutoCloseable {
    private final List<String> pinning;
    private final Map<String, ServerJvm> running = new HashMap<>();
    private final Set<String> met = new HashSet<>();

    Servers(List<String> pinning) {
        this.pinning = pinning;
    }

    /** Returns the running server of a peer for a workload. Starts the server if necessary. */
    ServerJvm get(String peer, Workload workload) throws IOException {
        String key = key(peer, workload);
        ServerJvm server = running.get(key);
        if (server == null) {
            server = new ServerJvm(pinning, peer, workload.shape().protocol(), 1, workload.buffer());
            running.put(key, server);
        }
        return server;
    }

    /** Returns true if the load is new to the server of the peer. The call records the load as known. */
    boolean isNew(String peer, Workload workload) {
        return met.add(key(peer, workload) + ' ' + workload.name());
    }

    /** Ends a measurement. Closes the server after a failure or after an idle workload. */
    void release(String peer, Workload workload, boolean failed) throws IOException {
        String key = key(peer, workload);
        if (!failed && !workload.idle()) {
            return;
        }
        ServerJvm server = running.remove(key);
        met.removeIf(each -> each.startsWith(key));
        if (server != null) {
            server.close();
        }
    }

    /**
     * Returns the key of the server. Over TLS each load has a server of its own, because a shared JVM would recompile
     * its code for each load, and the recompilation takes long.
     */
    private static String key(String peer, Workload workload) {
        return peer
                + (workload.isTls()
                        ? " tls " + workload.name()
                        : " " + workload.shape().protocol() + ' ' + workload.buffer()
                                + (workload.idle() ? " idle" : ""));
    }

    @Override
    public void close() throws IOException {
        for (ServerJvm server : running.values()) {
            server.close();
        }
        running.clear();
        met.clear();
    }
}
