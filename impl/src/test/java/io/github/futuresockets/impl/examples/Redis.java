package io.github.futuresockets.impl.examples;

import static io.github.futuresockets.codec.Decoders.complete;
import static io.github.futuresockets.codec.Decoders.length;
import static io.github.futuresockets.codec.Decoders.line;
import static io.github.futuresockets.codec.Decoders.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.Deadline;
import io.github.futuresockets.Requests;
import io.github.futuresockets.codec.Decoder;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A client of Redis. Calls from any thread share a connection, and are pipelined. */
record Redis(Requests<String[], Redis.Reply> requests) implements AutoCloseable {
    /** The most bytes of a reply. */
    private static final int LIMIT = 16 << 20;

    /** A reply. The value is a String, a Long, a List of values, an IOException for an error reply, or null. */
    record Reply(Object value) {}

    static Redis over(AsyncSocket socket) {
        Decoder<Reply> replies = Decoder.limited(LIMIT, (in, seen) -> new Reply(value(in, 16)));
        return new Redis(socket.requests(Redis::encode, replies, 10_000));
    }

    /** Sends a command. After a time-out, a call keeps its place in the order, so that replies match their calls. */
    CompletableFuture<Object> call(Duration timeout, String... command) {
        CompletableFuture<Reply> call = Deadline.after(timeout).limit(requests.request(command));
        return call.thenCompose(reply -> reply.value() instanceof IOException complaint
                ? CompletableFuture.failedFuture(complaint)
                : CompletableFuture.completedFuture(reply.value()));
    }

    @Override
    public void close() {
        requests.close();
    }

    private static ByteBuffer encode(String... command) {
        return UTF_8.encode(Stream.of(command)
                .map(each -> "$" + each.getBytes(UTF_8).length + "\r\n" + each + "\r\n")
                .collect(Collectors.joining("", "*" + command.length + "\r\n", "")));
    }

    /** Decodes the next value, with at most {@code depth} lists in each other. Waits for the bytes of each part. */
    private static Object value(ByteBuffer in, int depth) throws IOException {
        char type = (char) in.get();
        String line = complete(line(in));
        return switch (type) {
            case '+' -> line;
            case '-' -> new IOException(line);
            case ':' -> Long.valueOf(line);
            case '$' -> line.equals("-1") ? null : bulk(in, length(line, LIMIT));
            case '*' -> line.equals("-1") ? null : list(in, length(line, LIMIT), depth);
            default -> throw new ProtocolException("no reply begins with " + (int) type);
        };
    }

    private static String bulk(ByteBuffer in, int length) throws IOException {
        String text = complete(text(in, length));
        complete(line(in));
        return text;
    }

    private static List<Object> list(ByteBuffer in, int length, int depth) throws IOException {
        if (depth == 0) {
            throw new ProtocolException("too many lists in each other");
        }
        List<Object> list = new ArrayList<>();
        while (list.size() < length) {
            list.add(value(in, depth - 1));
        }
        return list;
    }
}
