package io.github.futuresockets.impl.examples;

import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** A server and a client of the echo protocol. */
final class Echo {
    private Echo() {}

    /** Starts a server. The server sends all bytes of each client back, up to the end of the stream. */
    static AsyncServerSocket serve(AsyncSockets sockets, String host, int port) throws IOException {
        AsyncServerSocket server = sockets.listen(host, port);
        server.serve(socket -> socket.transferTo(socket));
        return server;
    }

    /** Sends bytes, and returns the same number of received bytes. The connection is closed in every case. */
    static CompletableFuture<ByteBuffer> ask(AsyncSockets sockets, SocketAddress server, byte[] content) {
        return AsyncScope.using(sockets.connect(server), socket -> {
            socket.write(content); // a failed write fails the read, too
            return socket.readExactly(content.length);
        });
    }
}
