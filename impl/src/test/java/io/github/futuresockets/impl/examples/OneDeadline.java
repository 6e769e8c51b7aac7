package io.github.futuresockets.impl.examples;

import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.Deadline;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/** A connect, a request and the reply, with a common deadline for all steps. */
final class OneDeadline {
    private OneDeadline() {}

    /** Asks a server. At the deadline, the pending operation is withdrawn and the connection is closed. */
    static CompletableFuture<String> ask(
            AsyncSockets sockets, SocketAddress server, String request, Deadline deadline) {
        return deadline.limit(AsyncScope.using(sockets.connect(server), socket -> {
            socket.writeLine(request);
            return socket.expectLine();
        }));
    }

    /** Asks a server, and sends the reply as a request to a second server, with the same deadline. */
    static CompletableFuture<String> askBoth(
            AsyncSockets sockets, SocketAddress first, SocketAddress second, String request, Deadline deadline) {
        return ask(sockets, first, request, deadline).thenCompose(reply -> ask(sockets, second, reply, deadline));
    }
}
