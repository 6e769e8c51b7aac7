package io.github.futuresockets.impl.operation;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.compose.CodecFailures;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.connection.PooledWrite;
import io.github.futuresockets.impl.connection.Write;
import io.github.futuresockets.impl.connection.WriteSide;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a connection on messages. As thread-safe as the connection.
 *
 * @param connection the connection
 */
public record MessageChannel(Connection connection) {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Reads all messages that have arrived, at least a single message and at most {@code max}. */
    public <T> CompletableFuture<@Nullable List<T>> receiveMany(Decoder<? extends T> decoder, int max) {
        int limit;
        try {
            limit = decoder.limit();
        } catch (Throwable e) {
            String what = "receiveMany from " + connection.reads().peer();
            return OperationFuture.failed(connection.context(), CodecFailures.named(what, e, ""));
        }
        return connection.reads().start(new BatchRead<T>(connection.reads(), decoder, limit, max));
    }

    /** Writes a message. */
    public static <T> CompletableFuture<Void> write(Connection connection, T message, Encoder<? super T> encoder) {
        WriteSide writes = connection.writes();
        if (writes.state().isShut()) {
            return writes.start(new Write(writes, NOTHING));
        }
        if (!connection.reads().isDispatching()) {
            ByteBuffer bytes;
            try {
                bytes = Encoding.single(message, encoder);
            } catch (Throwable e) {
                return refused(connection, "writeMessage", e);
            }
            return writes.start(new Write(writes, bytes));
        }
        ByteBuffer chunk = writes.loop().chunks().acquire(1);
        try {
            return corked(connection, message, encoder, chunk);
        } finally {
            writes.loop().chunks().release(chunk);
        }
    }

    /** Writes a message that is encoded into a pooled buffer, because the write is likely to be corked. */
    private static <T> CompletableFuture<Void> corked(
            Connection connection, T message, Encoder<? super T> encoder, ByteBuffer chunk) {
        WriteSide writes = connection.writes();
        ByteBuffer bytes;
        try {
            bytes = Encoding.put(message, encoder, chunk);
        } catch (Throwable e) {
            return refused(connection, "writeMessage", e);
        }
        Write write = new Write(writes, bytes != null ? bytes : chunk.flip());
        if (bytes == null) {
            write.borrowBriefly();
        }
        return writes.start(write);
    }

    /** Ends the connection, because a message of the output is missing. */
    private static CompletableFuture<Void> refused(Connection connection, String operation, Throwable e) {
        String what = operation + " to " + connection.writes().peer();
        Throwable named = CodecFailures.named(what, e, "");
        connection.fail(CloseReason.Kind.FAILED, Errors.asIOException(what, named));
        return OperationFuture.failed(connection.context(), named);
    }

    /** Writes all messages in a single write, after all messages are encoded. */
    public <T> CompletableFuture<Void> sendAll(Iterable<? extends T> messages, Encoder<? super T> encoder) {
        WriteSide writes = connection.writes();
        if (writes.state().isShut()) {
            return writes.start(new Write(writes, NOTHING));
        }
        ByteBuffer all;
        try {
            all = Encoding.all(messages, encoder, writes.loop().chunks());
        } catch (Throwable e) {
            return refused(connection, "sendAll", e);
        }
        return writes.start(PooledWrite.of(writes, all));
    }

    /** Makes a feed of the arriving messages. {@code name} is for messages of failures. */
    public <T> MessageFeed<T> feed(Decoder<? extends T> decoder, String name, MessageFeed.Sink<? super T> sink) {
        return new MessageFeed<T>(connection.reads(), decoder, decoder.limit(), name, sink);
    }

    /** Makes a sender of replies. {@code failed} takes each failure, on any thread. */
    public <T> ReplyBatch<T> replies(Encoder<? super T> encoder, Consumer<Throwable> failed) {
        Objects.requireNonNull(encoder, "encoder");
        return new ReplyBatch<>(connection, encoder, failed);
    }
}
