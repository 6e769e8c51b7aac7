package io.github.futuresockets.impl.operation;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.compose.CodecFailures;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.connection.Connection;
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

    /** Writes all messages in a single write, after all messages are encoded. */
    public <T> CompletableFuture<Void> sendAll(Iterable<? extends T> messages, Encoder<? super T> encoder) {
        WriteSide writes = connection.writes();
        String what = "sendAll to " + writes.peer();
        if (writes.state().isShut()) {
            return writes.start(new Write(writes, ByteBuffer.allocate(0)));
        }
        ByteBuffer all;
        try {
            all = Encoding.all(messages, encoder, writes.loop().chunks());
        } catch (Throwable e) {
            Throwable named = CodecFailures.named(what, e, "");
            connection.fail(CloseReason.Kind.FAILED, Errors.asIOException(what, named));
            return OperationFuture.failed(connection.context(), named);
        }
        return writes.start(new Write(writes, all));
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
