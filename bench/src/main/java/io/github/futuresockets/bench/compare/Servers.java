package io.github.futuresockets.bench.compare;

import io.github.futuresockets.bench.result.Workload;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The servers of a comparison: kept from load to load, until the end of a round or of all. */
final class Servers implements AutoCloseable {
    private final List<String> pinning;
    private final Map<String, ServerJvm> running = new HashMap<>();
    private final Set<String> met = new HashSet<>();

    Servers(List<String> pinning) {
        this.pinning = pinning;
    }

    ServerJvm get(String peer, Workload workload) throws IOException {
        String key = key(peer, workload);
        ServerJvm server = running.get(key);
        if (server == null) {
            server = new ServerJvm(pinning, peer, workload.shape().protocol(), 1, workload.buffer());
            running.put(key, server);
        }
        return server;
    }

    /** Whether the server of this peer has not had this load before: true once. */
    boolean isNew(String peer, Workload workload) {
        return met.add(key(peer, workload) + ' ' + workload.name());
    }

    /** The measurement is over; whatever has failed is not used again. */
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

    /** Over TLS each load has a server of its own: what the JIT has made of one would have to be made anew for the next, at length. */
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
