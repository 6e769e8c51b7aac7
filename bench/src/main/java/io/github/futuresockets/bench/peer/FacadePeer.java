package io.github.futuresockets.bench.peer;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.TlsOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A server of Future Sockets over a channel provider. A subclass defines the conversation of a connection. */
abstract class FacadePeer implements Peer {
    private final String provider;
    private final Protocol protocol;
    private @Nullable AsyncSockets sockets;

    FacadePeer(String provider, Protocol protocol) {
        this.provider = provider;
        this.protocol = protocol;
    }

    /** Starts the conversation of an accepted connection. Returns at once. */
    abstract void converse(AsyncSocket socket, int buffer);

    @Override
    public final int start(int port, int threads, int buffer) throws IOException {
        sockets = AsyncSockets.builder().provider(provider).threads(threads).build();
        AsyncServerSocket listener =
                sockets.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), options -> {
                    if (protocol == Protocol.TLS) {
                        options.tls(TlsOptions.server(TlsIdentity.server()));
                    }
                });
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
