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
 * Connections to one server, so many at most, each used again as long as its peer is there. They are those of the
 * {@code AsyncSockets} that has made them, and end with it. A peer that goes in the very moment in which a conversation begins
 * is seen by that conversation alone, as with any pool.
 */
final class ConnectionPool {
    private final Supplier<CompletableFuture<AsyncSocket>> connect;
    private final Deque<Place> free = new ConcurrentLinkedDeque<>();

    ConnectionPool(int size, Supplier<CompletableFuture<AsyncSocket>> connect) {
        this.connect = connect;
        Stream.generate(Place::new).limit(size).forEach(free::add);
    }

    /** Holds a conversation, which leaves the connection as it was; it is closed if that fails or is cancelled. */
    <T> CompletableFuture<T> use(Function<AsyncSocket, CompletableFuture<T>> conversation) {
        Place place = free.poll();
        return place == null
                ? failedFuture(new IOException("all connections are in use"))
                : AsyncScope.using(completedFuture(place), mine -> AsyncScope.orClose(mine.take(), conversation));
    }

    /** Of one connection, in use or idle, or of none yet. Whoever has taken it out of the queue owns it. */
    private final class Place implements AutoCloseable {
        private CompletableFuture<AsyncSocket> connection;
        private CompletableFuture<Boolean> readable = completedFuture(false);

        /** The end of the peer, or what it says unasked, and this race for one future: who gets it back, has a live peer. */
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
