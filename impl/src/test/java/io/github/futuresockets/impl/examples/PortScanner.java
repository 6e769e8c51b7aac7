package io.github.futuresockets.impl.examples;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSockets;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;

/** A search for the open ports of a host, with at most 500 connects at a time. */
final class PortScanner {
    private PortScanner() {}

    static CompletableFuture<Set<Integer>> scan(AsyncSockets sockets, String host, int first, int last) {
        Set<Integer> open = new ConcurrentSkipListSet<>();
        Iterable<Integer> ports = IntStream.rangeClosed(first, last).boxed()::iterator;
        return AsyncLoop.forEach(
                        ports,
                        500,
                        port -> AsyncScope.using(sockets.connect(host, port), socket -> completedFuture(open.add(port)))
                                .exceptionally(refused -> false))
                .thenApply(end -> open);
    }
}
