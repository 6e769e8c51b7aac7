package io.github.futuresockets.impl.examples;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.TlsOptions;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/** An HTTPS server that replies to every request with a greeting. A connection serves any number of requests. */
final class HttpsHello {
    private HttpsHello() {}

    static AsyncServerSocket serve(AsyncSockets sockets, SocketAddress local, SSLContext keys) throws IOException {
        TlsOptions tls = TlsOptions.server(keys).applicationProtocols("http/1.1");
        AsyncServerSocket server = sockets.listen(local, options -> options.tls(tls));
        server.serve(socket -> AsyncLoop.forEach(socket::readLine, request -> answer(socket)));
        return server;
    }

    /** Reads the rest of a request, up to the empty line after the headers, and replies. Requests have no body. */
    private static CompletableFuture<Void> answer(AsyncSocket socket) {
        String hello = "Hello over " + socket.tlsSession().orElseThrow().protocol() + "\n";
        return AsyncLoop.whileTrue(() -> socket.expectLine().thenApply(header -> !header.isEmpty()))
                .thenCompose(end ->
                        socket.write("HTTP/1.1 200 OK\r\nContent-Length: " + hello.length() + "\r\n\r\n" + hello));
    }
}
