package io.github.futuresockets.impl.examples;

import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.Deadline;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/** A connect, a request and its reply, all of it until one moment: what one step takes longer the others have less. */
final class OneDeadline {
    private OneDeadline() {}

    /** Asks one server. When the time is over, whatever is pending then is taken back, and the connection is closed. */
    static CompletableFuture<String> ask(
            AsyncSockets sockets, SocketAddress server, String request, Deadline deadline) {
        return deadline.limit(AsyncScope.using(sockets.connect(server), socket -> {
            socket.writeLine(request);
            return socket.expectLine();
        }));
    }

    /** Asks a second server what the first one has said, until the same moment. */
    static CompletableFuture<String> askBoth(
            AsyncSockets sockets, SocketAddress first, SocketAddress second, String request, Deadline deadline) {
        return ask(sockets, first, request, deadline).thenCompose(reply -> ask(sockets, second, reply, deadline));
    }
}
