package io.github.futuresockets.impl.examples;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSocket;
import java.io.IOException;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A pool with a fixed maximum of connections to a server. An idle connection is reused until the peer closes the
 * connection or sends unexpected bytes. The connections end when their {@code AsyncSockets} is closed.
 *
 * <p>If the peer closes a connection at the moment when a conversation begins, the conversation fails.
 */
final class ConnectionPool {
    private final Supplier<CompletableFuture<AsyncSocket>> connect;
    private final Deque<Place> free = new ConcurrentLinkedDeque<>();

    ConnectionPool(int size, Supplier<CompletableFuture<AsyncSocket>> connect) {
        this.connect = connect;
        Stream.generate(Place::new).limit(size).forEach(free::add);
    }

    /** Runs a conversation. The connection is reused after a success, and closed after a failure or a cancel. */
    <T> CompletableFuture<T> use(Function<AsyncSocket, CompletableFuture<T>> conversation) {
        Place place = free.poll();
        return place == null
                ? failedFuture(new IOException("all connections are in use"))
                : AsyncScope.using(completedFuture(place), mine -> AsyncScope.orClose(mine.take(), conversation));
    }

    /** A place for at most one connection, in use or idle. The conversation that has polled a place owns the place. */
    private final class Place implements AutoCloseable {
        // The owner's alone. The queue passes the values on to the next owner.
        private CompletableFuture<AsyncSocket> connection;
        private CompletableFuture<Boolean> readable = completedFuture(false);

        /** Returns the idle connection if its {@code readable} is still pending, and a new connection otherwise. */
        CompletableFuture<AsyncSocket> take() {
            connection = readable.cancel(false) ? connection : connect.get();
            return connection;
        }

        @Override
        public void close() {
            connection.thenAccept(socket -> {
                readable = socket.readable();
                readable.thenRun(socket::close);
            });
            free.push(this);
        }
    }
}
