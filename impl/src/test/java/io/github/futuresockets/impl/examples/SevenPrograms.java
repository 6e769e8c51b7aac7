package io.github.futuresockets.impl.examples;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncReader;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.MessageSocket;
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

/** Programs as they are often written on a thin wrapper of asynchronous channels, each with the faults that it then has. */
final class SevenPrograms {
    private SevenPrograms() {}

    /** By hand: an endless loop at the end of the stream, short writes, and one client in all. */
    static final class Echo {
        public static void main(String[] args) throws IOException {
            serve(AsyncSockets.shared().listen("localhost", 12_345)).join();
        }

        static CompletableFuture<Void> serve(AsyncServerSocket server) {
            return server.serve(socket -> socket.transferTo(socket));
        }
    }

    /** By hand: one buffer for all connections, characters cut in two, and accepts that do not wait for each other. */
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

    /** By hand: an underflow after a short read, a result that never comes, and the next message's beginning lost. */
    static final class MessageReader {
        static final Codec<String> TEXT = Codecs.lengthPrefixed(4, BIG_ENDIAN, 65_536)
                .map(bytes -> UTF_8.decode(bytes).toString(), UTF_8::encode);

        static CompletableFuture<String> read(AsyncReader reader) {
            return reader.readMessage(TEXT);
        }
    }

    /** By hand: a length that comes in pieces is misread, any length is allocated, and the end of the stream goes unseen. */
    static final class Store {
        private static final Codec<ByteBuffer> FRAMES = Codecs.lengthPrefixed(4, BIG_ENDIAN, 1 << 20);
        private static final ByteBuffer NOT_FOUND = UTF_8.encode("not found").asReadOnlyBuffer();

        private final Map<Long, ByteBuffer> values = new ConcurrentHashMap<>();

        CompletableFuture<Void> serve(AsyncServerSocket server) {
            return server.serve(socket -> {
                MessageSocket<ByteBuffer, ByteBuffer> client = socket.messages(FRAMES);
                return client.forEach(request -> request.get() == 'P' ? put(request) : client.send(get(request)));
            });
        }

        private CompletableFuture<Void> put(ByteBuffer request) {
            values.put(request.getLong(), request.slice());
            return completedFuture(null);
        }

        private ByteBuffer get(ByteBuffer request) {
            return values.getOrDefault(request.getLong(), NOT_FOUND).duplicate();
        }
    }

    /** By hand: four bytes that come in pieces are misread, connections are never closed, and a failed accept is the last. */
    static final class Bank {
        static final Codec<Integer> NUMBERS = Codecs.fixedLength(4)
                .map(ByteBuffer::getInt, number -> ByteBuffer.allocate(4).putInt(0, number));

        private int balance;

        CompletableFuture<Void> serve(AsyncServerSocket server) {
            return server.serve(socket -> socket.messages(NUMBERS).answer(amount -> completedFuture(reply(amount)), 1));
        }

        /** The balance if nothing moves; otherwise whether it could, 0 for yes. */
        private synchronized int reply(int amount) {
            if (amount == 0) {
                return balance;
            }
            boolean covered = balance + amount >= 0;
            balance += covered ? amount : 0;
            return covered ? 0 : 1;
        }
    }

    /** By hand: a connect that fails never completes what hangs on it. */
    static final class Connector {
        record Connection(AsyncSocket socket) {}

        static CompletableFuture<Connection> connect(AsyncSockets sockets, SocketAddress address) {
            return sockets.connect(address).thenApply(Connection::new);
        }
    }

    /** By hand: a queue's {@code take()} on the I/O thread, a buffer cleared while it is written, an endless loop at the end. */
    static final class Chat {
        private final Set<AsyncSocket> room = ConcurrentHashMap.newKeySet();

        CompletableFuture<Void> serve(AsyncServerSocket server) {
            return server.serve(socket -> {
                room.add(socket);
                return AsyncLoop.forEach(socket::readLine, this::broadcast)
                        .whenComplete((end, failure) -> room.remove(socket));
            });
        }

        /** Nobody waits for who is slow: what is queued for one ends that one when it is more than the limit. */
        private CompletableFuture<Void> broadcast(String line) {
            room.forEach(each -> each.writeLine(line));
            return completedFuture(null);
        }
    }
}
