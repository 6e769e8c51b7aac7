package io.github.futuresockets.bench;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** This library over one of its providers; what it does with a connection is left open. */
abstract class FacadePeer implements Peer {
    private final String provider;
    private @Nullable AsyncSockets sockets;

    FacadePeer(String provider) {
        this.provider = provider;
    }

    abstract void converse(AsyncSocket socket, int buffer);

    @Override
    public final int start(int port, int threads, int buffer) throws IOException {
        sockets = AsyncSockets.builder().provider(provider).threads(threads).build();
        AsyncServerSocket listener = sockets.listen("127.0.0.1", port);
        new AcceptLoop(listener, socket -> converse(socket, buffer)).accept();
        return listener.port();
    }

    @Override
    public final void close() {
        if (sockets != null) {
            sockets.close();
        }
    }
}
