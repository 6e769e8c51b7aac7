package io.github.futuresockets.impl.examples;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that replies to each line with the same line in capitals. After the end of the client's stream, the server
 * sends the number of lines.
 */
final class LineServer {
    private LineServer() {}

    static CompletableFuture<Void> serve(AsyncServerSocket server) {
        return server.serve(LineServer::converse);
    }

    private static CompletableFuture<Void> converse(AsyncSocket socket) {
        AtomicInteger lines = new AtomicInteger();
        return AsyncLoop.forEach(socket::readLine, line -> {
                    lines.incrementAndGet();
                    return socket.writeLine(line.toUpperCase(Locale.ROOT));
                })
                .thenCompose(end -> socket.writeLine(lines + " lines"));
    }
}
