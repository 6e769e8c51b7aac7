package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.Requests;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** Remote calls with replies in any order. A slow call does not hold up later calls of the same connection. */
final class Rpc {
    private Rpc() {}

    /** A call or its reply, with the id chosen by the client. A message of the server without a call has the id 0. */
    record Message(int id, boolean failed, String text) {}

    static final Codec<Message> CODEC = Codecs.varintPrefixed(1 << 20)
            .map(in -> new Message(in.getInt(), in.get() != 0, UTF_8.decode(in).toString()), message -> {
                byte[] text = message.text().getBytes(UTF_8);
                byte failed = (byte) (message.failed() ? 1 : 0);
                return ByteBuffer.allocate(5 + text.length)
                        .putInt(message.id())
                        .put(failed)
                        .put(text)
                        .flip();
            });

    /** Calls the procedure for each call. While 16 calls are in progress, the next call waits for the oldest. */
    static CompletableFuture<Void> serve(
            AsyncServerSocket server, Function<String, CompletionStage<String>> procedure) {
        return server.serve(socket -> {
            MessageSocket<Message, Message> messages = socket.messages(CODEC);
            Deque<CompletionStage<?>> working = new ArrayDeque<>();
            return messages.forEach(call -> {
                working.add(procedure
                        .apply(call.text())
                        .handle((text, failure) -> failure == null
                                ? new Message(call.id(), false, text)
                                : new Message(call.id(), true, "" + failure.getMessage()))
                        .thenCompose(messages::send));
                return working.size() < 16 ? null : working.remove();
            });
        });
    }

    /** The client. Any thread may call. */
    record Client(Requests<Message, Message> requests, AtomicInteger ids) implements AutoCloseable {
        /** Opens a client. Messages of the server without a call go to {@code events}. */
        static Client over(AsyncSocket socket, Consumer<String> events) {
            return new Client(
                    socket.requests(
                            CODEC, CODEC, Message::id, Message::id, 64, message -> events.accept(message.text())),
                    new AtomicInteger());
        }

        CompletableFuture<String> call(String text) {
            return requests.request(new Message(ids.incrementAndGet(), false, text))
                    .thenCompose(reply -> reply.failed()
                            ? failedFuture(new IOException(reply.text()))
                            : completedFuture(reply.text()));
        }

        @Override
        public void close() {
            requests.close();
        }
    }
}
