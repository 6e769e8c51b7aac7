package io.github.futuresockets.impl.tls;

import io.github.futuresockets.AsyncRelay;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/** A proxy between client and server of an encrypted connection. The proxy passes all bytes on. */
final class Proxy implements AutoCloseable {
    private final AsyncServerSocket front;
    private final AsyncServerSocket server;
    private final CompletableFuture<AsyncSocket> accepted;
    private final CompletableFuture<AsyncSocket> towardsClient = new CompletableFuture<>();

    Proxy(AsyncSockets sockets, AsyncServerSocket server) throws IOException {
        this.server = server;
        this.accepted = server.accept();
        front = sockets.listen(new InetSocketAddress("127.0.0.1", 0));
        front.accept().thenCombine(sockets.connect(server.localAddress()), (client, behind) -> {
            AsyncRelay.join(client, behind);
            return towardsClient.complete(client);
        });
    }

    SocketAddress address() {
        return front.localAddress();
    }

    AsyncSocket accepted() {
        return Await.value(accepted);
    }

    /** Ends the stream to the client, after the bytes already passed on. */
    void cut() {
        Await.value(towardsClient).shutdownOutput();
    }

    @Override
    public void close() {
        front.close();
        server.close();
    }
}
