package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;

/** A socket under test, and a plain blocking socket at the other end. */
public record ConnectionPair(AsyncSocket near, Peer far) implements AutoCloseable {

    /** Connects over the loopback interface. */
    public static ConnectionPair open(AsyncSockets sockets) {
        try (PeerServer server = new PeerServer()) {
            return open(sockets, server);
        }
    }

    /** Connects to a listener. No other thread may use the listener meanwhile. */
    public static ConnectionPair open(AsyncSockets sockets, PeerServer server) {
        var connecting = sockets.connect(server.address());
        return new ConnectionPair(Await.value(connecting), server.accept());
    }

    @Override
    public void close() {
        near.abort();
        far.close();
    }
}
