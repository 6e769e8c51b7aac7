package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Decoders;
import io.github.futuresockets.codec.LengthField;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A client of PostgreSQL (protocol 3.0) with simple queries, one at a time, and without passwords. After a failure of
 * {@code rows}, the rest of the rows stays unread. Then close the client.
 */
record Postgres(AsyncSocket socket) implements AutoCloseable {
    record Message(char type, ByteBuffer content) {}

    /** A frame is the type, a length and the content. The length counts itself, too, but not the type. */
    static final Codec<Message> CODEC = Codecs.lengthPrefixed(
                    LengthField.of(4).withOffset(1).withAdjustment(-4), 1 << 20)
            .map(
                    frame -> new Message((char) frame.get(0), frame.position(5).slice()),
                    message -> ByteBuffer.allocate(5 + message.content().remaining())
                            .put(0, (byte) message.type())
                            .put(5, message.content(), 0, message.content().remaining()));

    /** The frame of the first message has no type. */
    static final Codec<ByteBuffer> STARTUP =
            Codecs.lengthPrefixed(LengthField.of(4).withAdjustment(-4).withSkip(4), 10_000);

    /** A message of the server: the columns of a row (D), the fields of an error (E), or another type alone. */
    private record Reply(char type, List<String> texts) {}

    private static final Decoder<Reply> REPLIES = CODEC.map(message -> new Reply(
            message.type(),
            switch (message.type()) {
                case 'D' -> row(message.content());
                case 'E' -> List.of(UTF_8.decode(message.content()).toString().split("\0"));
                case 'R' -> authentication(message.content().getInt());
                default -> List.of();
            }));

    private static List<String> authentication(int kind) throws IOException {
        if (kind != 0) {
            throw new IOException("the server asks for a password");
        }
        return List.of();
    }

    /** Decodes the columns of a row. A column is null or a text. */
    private static List<String> row(ByteBuffer in) throws IOException {
        List<String> row = new ArrayList<>();
        for (int left = in.getShort(); left > 0; left--) {
            int length = in.getInt();
            row.add(length < 0 ? null : Decoders.complete(Decoders.text(in, length)));
        }
        return row;
    }

    static CompletableFuture<Postgres> connect(AsyncSocket socket, String user, String database) {
        String startup = "\0\3\0\0user\0" + user + "\0database\0" + database + "\0\0";
        socket.writeMessage(UTF_8.encode(startup), STARTUP);
        return reply(socket, row -> {}).thenApply(ready -> new Postgres(socket));
    }

    /** Runs a query, and passes each row to {@code rows}. After an error of the server, a further query is possible. */
    CompletableFuture<Void> query(String sql, Consumer<List<String>> rows) {
        socket.writeMessage(new Message('Q', UTF_8.encode(sql + "\0")), CODEC);
        return reply(socket, rows);
    }

    /** Reads until the server is ready (Z), also after an error. */
    private static CompletableFuture<Void> reply(AsyncSocket socket, Consumer<List<String>> rows) {
        AtomicReference<IOException> error = new AtomicReference<>();
        return AsyncLoop.whileTrue(() -> socket.expectMessage(REPLIES).thenApply(reply -> {
                    switch (reply.type()) {
                        case 'D' -> rows.accept(reply.texts());
                        case 'E' -> error.set(new IOException(String.join(", ", reply.texts())));
                        default -> {}
                    }
                    return reply.type() != 'Z';
                }))
                .handle((end, failure) -> error.get() == null ? failure : error.get())
                .thenCompose(failure -> failure == null ? completedFuture(null) : failedFuture(failure));
    }

    @Override
    public void close() {
        socket.writeMessage(new Message('X', ByteBuffer.allocate(0)), CODEC);
        socket.close();
    }
}
