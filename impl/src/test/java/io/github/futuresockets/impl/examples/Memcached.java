package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.Replies;
import io.github.futuresockets.Requests;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Decoders;
import io.github.futuresockets.codec.LineEnding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** The text protocol of memcached, with the commands get, set and delete. Values have at most 1 MiB. */
final class Memcached {
    private Memcached() {}

    private static final int LIMIT = 1 << 20;
    private static final Codec<String> LINES = Codecs.lines(UTF_8, LineEnding.CRLF, 2_048);

    /** A command or a reply. The value is null, except behind a line that ends with the length of a value. */
    record Message(String line, byte[] value) {}

    static final Codec<Message> CODEC = Codec.of(
            Decoder.limited(
                    LIMIT + 4_096,
                    LINES.then(line -> line.matches("(set \\S+ \\d+ \\d+|VALUE \\S+ \\d+) \\d+")
                            ? block(line, Decoders.length(line.substring(line.lastIndexOf(' ') + 1), LIMIT))
                            : (in, seen) -> new Message(line, null))),
            message -> {
                ByteBuffer line = LINES.encode(message.line());
                byte[] value = message.value();
                return value == null
                        ? line
                        : ByteBuffer.allocate(line.remaining() + value.length + 2)
                                .put(line)
                                .put(value)
                                .put(LINES.encode(""))
                                .flip();
            });

    private static Decoder<Message> block(String line, int length) {
        return Codecs.fixedLength(length + 2).map(block -> new Message(line, Arrays.copyOf(block.array(), length)));
    }

    /** A server. Keeps the 1,000 values that were used last, without expiry. */
    static final class Server {
        /** The reply for each key. */
        private final Map<String, Message> values = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Message> eldest) {
                return size() > 1_000;
            }
        });

        CompletableFuture<Void> serve(AsyncServerSocket server) {
            return server.serve(socket -> socket.messages(CODEC).handle((command, replies) -> {
                replies.send(new Message(obey(command, replies), null));
                return null;
            }));
        }

        /** Sends the found values, and returns the last line of the reply. */
        private String obey(Message command, Replies<Message> replies) {
            List<String> words = List.of(command.line().split(" ", -1));
            List<String> keys = words.subList(1, words.size());
            switch (words.get(0)) {
                case "get":
                    keys.stream().map(values::get).filter(Objects::nonNull).forEach(replies::send);
                    return "END";
                case "delete":
                    return values.keySet().removeAll(keys) ? "DELETED" : "NOT_FOUND";
                case "set":
                    if (command.value() != null) {
                        String line = command.line().replaceFirst("set (\\S+ \\d+) \\d+", "VALUE $1");
                        values.put(keys.get(0), new Message(line, command.value()));
                        return "STORED";
                    }
                    return "ERROR";
                default:
                    return "ERROR";
            }
        }
    }

    /** A client. Calls from any thread share a connection, and are pipelined. */
    record Client(Requests<Message, Message> requests) implements AutoCloseable {
        /** The line END follows a value. */
        private static final Decoder<Message> REPLIES =
                CODEC.then(reply -> reply.value() == null ? (in, seen) -> reply : LINES.map(end -> reply));

        static Client over(AsyncSocket socket) {
            return new Client(socket.requests(Client::encode, REPLIES, 1_000));
        }

        private static ByteBuffer encode(Message command) throws IOException {
            if (!command.line().matches("(get|delete) [!-~]{1,250}|set [!-~]{1,250} 0 0 \\d+")) {
                throw new IOException("not a key, in " + command.line());
            }
            return CODEC.encode(command);
        }

        /** Returns the value of a key, or null if the key has no value. */
        CompletableFuture<byte[]> get(String key) {
            return ask("get " + key, null, "END|VALUE .*").thenApply(Message::value);
        }

        CompletableFuture<Void> set(String key, byte[] value) {
            return ask("set " + key + " 0 0 " + value.length, value, "STORED").thenApply(stored -> null);
        }

        /** Deletes the value of a key. Completes with false if the key has no value. */
        CompletableFuture<Boolean> delete(String key) {
            return ask("delete " + key, null, "DELETED|NOT_FOUND")
                    .thenApply(reply -> reply.line().equals("DELETED"));
        }

        private CompletableFuture<Message> ask(String line, byte[] value, String expected) {
            return requests.request(new Message(line, value))
                    .thenCompose(reply -> reply.line().matches(expected)
                            ? completedFuture(reply)
                            : failedFuture(new IOException(reply.line())));
        }

        @Override
        public void close() {
            requests.close();
        }
    }
}
