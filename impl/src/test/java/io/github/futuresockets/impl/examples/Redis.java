package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.Deadline;
import io.github.futuresockets.Requests;
import io.github.futuresockets.codec.Decoder;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A client of Redis. Calls from any thread share a connection, and are pipelined. */
record Redis(Requests<String[], Redis.Reply> requests) implements AutoCloseable {

    /** A reply. The value is a String, a Long, a List of values, an IOException for an error reply, or null. */
    record Reply(Object value) {}

    static Redis over(AsyncSocket socket) {
        Decoder<Reply> replies = Decoder.limited(16 << 20, (in, seen) -> new Reply(value(in)));
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

    /** Decodes the next value. If the value is incomplete, the underflow makes the read wait for more bytes. */
    private static Object value(ByteBuffer in) throws IOException {
        char type = (char) in.get();
        String line = line(in);
        return switch (type) {
            case '+' -> line;
            case '-' -> new IOException(line);
            case ':' -> Long.valueOf(line);
            case '$' -> line.equals("-1") ? null : text(in, Integer.parseInt(line));
            case '*' -> line.equals("-1") ? null : list(in, Integer.parseInt(line));
            default -> throw new ProtocolException("no reply begins with " + (int) type);
        };
    }

    private static String line(ByteBuffer in) {
        StringBuilder line = new StringBuilder();
        for (char next = (char) in.get(); next != '\n'; next = (char) in.get()) {
            line.append(next);
        }
        return line.toString().strip();
    }

    private static String text(ByteBuffer in, int length) {
        if (length > in.remaining() - 2) {
            throw new BufferUnderflowException();
        }
        ByteBuffer text = in.slice(in.position(), length);
        in.position(in.position() + length + 2);
        return UTF_8.decode(text).toString();
    }

    private static List<Object> list(ByteBuffer in, int length) throws IOException {
        List<Object> list = new ArrayList<>();
        while (list.size() < length) {
            list.add(value(in));
        }
        return list;
    }
}
