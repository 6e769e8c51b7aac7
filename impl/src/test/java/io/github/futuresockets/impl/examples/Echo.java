package io.github.futuresockets.impl.examples;

import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** An echo: its server and its client. */
final class Echo {
    private Echo() {}

    /** Sends everybody's bytes back as they come, up to the end of the stream. */
    static AsyncServerSocket serve(AsyncSockets sockets, String host, int port) throws IOException {
        AsyncServerSocket server = sockets.listen(host, port);
        server.serve(socket -> socket.transferTo(socket));
        return server;
    }

    /** Sends bytes and gets as many back, over a connection that is closed whatever happens. */
    static CompletableFuture<ByteBuffer> ask(AsyncSockets sockets, SocketAddress server, byte[] content) {
        return AsyncScope.using(sockets.connect(server), socket -> {
            socket.write(content); // if this fails, so does the read
            return socket.readExactly(content.length);
        });
    }
}
