package io.github.futuresockets.impl.examples;

import io.github.futuresockets.AsyncRelay;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Forwards whoever connects to another address, half-close included, for as long as something moves. */
final class Forwarder {
    private Forwarder() {}

    static CompletableFuture<Void> forward(
            AsyncSockets sockets, AsyncServerSocket server, SocketAddress target, Duration idle) {
        return server.serve(
                caller -> sockets.connect(target).thenCompose(callee -> AsyncRelay.join(caller, callee, idle)));
    }
}
