package io.github.futuresockets.impl.examples;

import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Connections to one server, so many at most, each used again as long as its peer is there. They are connections of the
 * {@code AsyncSockets} that was given, and closed with it.
 */
final class ConnectionPool {
    private final AsyncSockets sockets;
    private final SocketAddress server;
    private final Semaphore places;
    private final Deque<Idle> idle = new ConcurrentLinkedDeque<>();

    /** A connection that nobody uses. It is readable when the peer has gone, or says what nobody has asked for. */
    private record Idle(AsyncSocket socket, CompletableFuture<Boolean> readable) {}

    ConnectionPool(AsyncSockets sockets, SocketAddress server, int size) {
        this.sockets = sockets;
        this.server = server;
        this.places = new Semaphore(size);
    }

    /** Holds a conversation that leaves the connection as it was; it is closed if that fails or is cancelled. */
    <T> CompletableFuture<T> use(Function<AsyncSocket, CompletableFuture<T>> conversation) {
        if (!places.tryAcquire()) {
            return CompletableFuture.failedFuture(new IOException("all connections to " + server + " are in use"));
        }
        CompletableFuture<AsyncSocket> connection = take();
        return AsyncScope.orClose(connection, conversation).whenComplete((result, failure) -> {
            if (failure == null) {
                keep(connection.join());
            }
            places.release();
        });
    }

    /** The cancel and the end of the peer race for one future: who has it back has a connection that lives. */
    private CompletableFuture<AsyncSocket> take() {
        Idle last = idle.poll();
        if (last == null) {
            return sockets.connect(server);
        }
        return last.readable.cancel(false) ? CompletableFuture.completedFuture(last.socket) : take();
    }

    private void keep(AsyncSocket socket) {
        CompletableFuture<Boolean> readable = socket.readable();
        readable.thenRun(socket::close);
        idle.push(new Idle(socket, readable));
    }
}
