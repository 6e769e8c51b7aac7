package io.github.futuresockets.impl.examples;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncReader;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Seven programs over this library. Originals of these programs are often written over a thin wrapper of asynchronous
 * channels. Each comment lists the typical faults of the original.
 */
final class SevenPrograms {
    private SevenPrograms() {}

    /** An echo. Typical faults are an endless loop at the end of the stream, short writes and a single client. */
    static final class Echo {
        public static void main(String[] args) throws IOException {
            serve(AsyncSockets.shared().listen("localhost", 12_345)).join();
        }

        static CompletableFuture<Void> serve(AsyncServerSocket server) {
            return server.serve(socket -> socket.transferTo(socket));
        }
    }

    /**
     * A printer of received lines. Typical faults are a common buffer of all connections, characters cut in two and
     * concurrent accepts.
     */
    static final class Printer {
        public static void main(String[] args) throws IOException {
            serve(AsyncSockets.shared().listen("", 12_345), System.out::println).join();
        }

        static CompletableFuture<Void> serve(AsyncServerSocket server, Consumer<String> printer) {
            return server.serve(socket -> AsyncLoop.forEach(socket::readLine, line -> {
                printer.accept(line);
                return null;
            }));
        }
    }

    /**
     * A reader of messages. Typical faults are an underflow after a short read, a future that never completes and the
     * loss of the first bytes of the next message.
     */
    static final class MessageReader {
        static final Codec<String> TEXT = Codecs.lengthPrefixed(4, BIG_ENDIAN, 65_536)
                .map(bytes -> UTF_8.decode(bytes).toString(), UTF_8::encode);

        static CompletableFuture<String> read(AsyncReader reader) {
            return reader.readMessage(TEXT);
        }
    }

    /**
     * A key-value store. Typical faults are misread lengths after a short read, memory for any claimed length and an
     * unnoticed end of the stream.
     */
    static final class Store {
        private static final Codec<ByteBuffer> FRAMES = Codecs.lengthPrefixed(4, BIG_ENDIAN, 1 << 20);
        private static final ByteBuffer NOT_FOUND = UTF_8.encode("not found").asReadOnlyBuffer();

        private final Map<Long, ByteBuffer> values = new ConcurrentHashMap<>();

        CompletableFuture<Void> serve(AsyncServerSocket server) {
            return server.serve(socket -> socket.messages(FRAMES).handle((request, replies) -> {
                if (request.get() == 'P') {
                    values.put(request.getLong(), request.slice());
                } else {
                    replies.send(
                            values.getOrDefault(request.getLong(), NOT_FOUND).duplicate());
                }
                return null;
            }));
        }
    }

    /**
     * An account with a balance. Typical faults are misread numbers after a short read, connections that stay open and
     * no further accept after a failed accept.
     */
    static final class Bank {
        static final Codec<Integer> NUMBERS = Codecs.int32(BIG_ENDIAN);

        // Guarded by this.
        private int balance;

        CompletableFuture<Void> serve(AsyncServerSocket server) {
            return server.serve(socket -> socket.messages(NUMBERS).answer(amount -> completedFuture(reply(amount)), 1));
        }

        /** Returns the balance if the amount is 0. Otherwise returns 0 if the balance covers the amount, or 1. */
        private synchronized int reply(int amount) {
            if (amount == 0) {
                return balance;
            }
            boolean covered = balance + amount >= 0;
            balance += covered ? amount : 0;
            return covered ? 0 : 1;
        }
    }

    /** A connect. The typical fault is a dependent future that never completes after a failed connect. */
    static final class Connector {
        record Connection(AsyncSocket socket) {}

        static CompletableFuture<Connection> connect(AsyncSockets sockets, SocketAddress address) {
            return sockets.connect(address).thenApply(Connection::new);
        }
    }

    /**
     * A chat. Typical faults are a blocking {@code take()} on the I/O thread, a buffer cleared during its write and an
     * endless loop at the end of the stream.
     */
    static final class Chat {
        private final Set<AsyncSocket> room = ConcurrentHashMap.newKeySet();

        CompletableFuture<Void> serve(AsyncServerSocket server) {
            return server.serve(socket -> {
                room.add(socket);
                return AsyncLoop.forEach(socket::readLine, this::broadcast)
                        .whenComplete((end, failure) -> room.remove(socket));
            });
        }

        /** Sends a line to all members without waiting. A member is dropped above the limit of its write queue. */
        private CompletableFuture<Void> broadcast(String line) {
            room.forEach(each -> each.writeLine(line));
            return completedFuture(null);
        }
    }
}
