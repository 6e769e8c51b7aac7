package io.github.futuresockets;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/** The sockets that the whole JVM shares: they have no owner, so nobody can close them. */
final class SharedSockets implements AsyncSockets {
    static final AsyncSockets INSTANCE = new SharedSockets(new SocketsBuilder()
            .threadFactory(SocketsBuilder.threads("futuresockets-shared-", true))
            .build());

    private final AsyncSockets sockets;

    private SharedSockets(AsyncSockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public CompletableFuture<AsyncSocket> connect(String host, int port) {
        return sockets.connect(host, port);
    }

    @Override
    public CompletableFuture<AsyncSocket> connect(SocketAddress remote) {
        return sockets.connect(remote);
    }

    @Override
    public AsyncServerSocket listen(String host, int port) throws IOException {
        return sockets.listen(host, port);
    }

    @Override
    public AsyncServerSocket listen(SocketAddress local) throws IOException {
        return sockets.listen(local);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "shared " + sockets;
    }
}
