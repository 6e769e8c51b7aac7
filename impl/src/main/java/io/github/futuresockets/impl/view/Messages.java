package io.github.futuresockets.impl.view;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.MessageHandler;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.compose.AdvancingDecoder;
import io.github.futuresockets.impl.operation.MessageChannel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The view of a socket as a sequence of messages. Has no buffer and no lock. As thread-safe as the socket.
 *
 * @param socket the socket of the view
 * @param channel the operations of the same socket on messages
 * @param decoder makes messages from received bytes. A message that takes no byte fails its read
 * @param encoder makes bytes from messages
 * @param <I> the type of received messages
 * @param <O> the type of sent messages
 */
public record Messages<I, O>(
        AsyncSocket socket, MessageChannel channel, Decoder<? extends I> decoder, Encoder<? super O> encoder)
        implements MessageSocket<I, O> {
    /**
     * Creates the view.
     *
     * @param socket the socket of the view
     * @param channel the operations of the same socket on messages
     * @param decoder makes messages from received bytes
     * @param encoder makes bytes from messages
     * @throws IllegalArgumentException if the limit of {@code decoder} is less than 1
     */
    public Messages {
        decoder = new AdvancingDecoder<>(socket::remoteAddress, decoder);
        Objects.requireNonNull(encoder, "encoder");
    }

    @Override
    public CompletableFuture<@Nullable I> receive() {
        return socket.readMessage(decoder);
    }

    @Override
    public CompletableFuture<@Nullable List<I>> receiveMany(int max) {
        if (max < 1) {
            throw new IllegalArgumentException("max " + max + " is less than 1");
        }
        return channel.receiveMany(decoder, max);
    }

    @Override
    public CompletableFuture<Void> send(O message) {
        return socket.writeMessage(message, encoder);
    }

    @Override
    public CompletableFuture<Void> sendAll(Iterable<? extends O> messages) {
        return channel.sendAll(Objects.requireNonNull(messages, "messages"), encoder);
    }

    @Override
    public CompletableFuture<Void> handle(MessageHandler<? super I, O> handler) {
        return HandlerLoop.handle(channel, decoder, Objects.requireNonNull(handler, "handler"), encoder);
    }

    @Override
    public CompletableFuture<Void> forEach(Function<? super I, ? extends @Nullable CompletionStage<?>> handler) {
        return HandlerLoop.forEach(channel, decoder, Objects.requireNonNull(handler, "handler"));
    }

    @Override
    public CompletableFuture<Void> answer(
            Function<? super I, ? extends CompletionStage<? extends O>> handler, int concurrency) {
        Objects.requireNonNull(handler, "handler");
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency " + concurrency + " is less than 1");
        }
        return ReplyPipeline.to(this, handler, concurrency);
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    public String toString() {
        return "messages of " + socket;
    }
}
