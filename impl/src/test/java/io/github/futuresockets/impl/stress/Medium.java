package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.MemoryPeerTransports;
import io.github.futuresockets.impl.support.EncryptedSockets;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerTransports;
import io.github.futuresockets.impl.support.TlsWires;

/** The connections under test: the providers, and TLS over a provider. */
enum Medium {
    LOOP("loop", PeerTransports.KERNEL),
    NIO2("nio2", PeerTransports.KERNEL),
    MEMORY("memory", new MemoryPeerTransports()),
    TLS("loop", new TlsWires(PeerTransports.KERNEL, "TLSv1.3"));

    private final String provider;
    private final PeerTransports wires;

    Medium(String provider, PeerTransports wires) {
        this.provider = provider;
        this.wires = wires;
    }

    /** A test with checked exceptions. */
    interface Task {
        void run() throws Exception;
    }

    /** Returns a builder of the sockets under test. */
    AsyncSockets.Builder builder() {
        AsyncSockets.Builder plain = AsyncSockets.builder().provider(provider);
        return this == TLS ? EncryptedSockets.builder(plain, "TLSv1.3") : plain;
    }

    /** Runs a test whose peers belong to the medium. */
    void run(Task task) throws Exception {
        Peer.use(wires);
        try {
            task.run();
        } finally {
            Peer.use(PeerTransports.KERNEL);
        }
    }
}
