package io.github.futuresockets.impl.examples;

import io.github.futuresockets.AsyncRelay;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A forwarder from a listener to a target address. Each direction ends separately (half-close). After the idle
 * time-out, both connections end.
 */
final class Forwarder {
    private Forwarder() {}

    static CompletableFuture<Void> forward(
            AsyncSockets sockets, AsyncServerSocket server, SocketAddress target, Duration idle) {
        return server.serve(
                caller -> sockets.connect(target).thenCompose(callee -> AsyncRelay.join(caller, callee, idle)));
    }
}
