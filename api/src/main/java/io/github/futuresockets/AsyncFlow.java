package io.github.futuresockets;

import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.compose.AdvancingDecoder;
import io.github.futuresockets.compose.PullPublisher;
import io.github.futuresockets.compose.SerialSubscriber;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.LongConsumer;

/**
 * Adapters between sockets and the {@link java.util.concurrent.Flow} interfaces of reactive streams libraries. All
 * adapters keep the Reactive Streams specification, and rule numbers here are numbers of the specification.
 */
public final class AsyncFlow {
    private AsyncFlow() {}

    /**
     * A subscriber that writes, with a future for the end of the subscription.
     *
     * @param <T> the type of the items
     */
    public interface Sink<T> extends Flow.Subscriber<T> {

        /**
         * Returns the future of the subscription. Each call returns the same future.
         *
         * <p><b>Cancellation and timeouts.</b> If a caller cancels the future or a time-out ends the future, the
         * subscription and the write in progress are cancelled.
         *
         * @return the number of bytes written, done when the publisher has completed and the last write is done. Fails
         *     with the failure of the publisher or of a write
         */
        CompletableFuture<Long> done();
    }

    /**
     * Publishes the bytes that arrive from a reader, in pieces. Works like {@link #publisher(AsyncReader, Decoder)},
     * but with {@link AsyncReader#readSome} for each item.
     *
     * @param reader the source of the bytes
     * @param maxChunk the maximum number of bytes in one item, at least 1
     * @return a publisher for one subscriber
     * @throws IllegalArgumentException if {@code maxChunk} is less than 1
     */
    public static Flow.Publisher<ByteBuffer> publisher(AsyncReader reader, int maxChunk) {
        Objects.requireNonNull(reader, "reader");
        if (maxChunk < 1) {
            throw new IllegalArgumentException("maxChunk " + maxChunk + " is less than 1");
        }
        return new PullPublisher<>(() -> reader.readSome(maxChunk));
    }

    /**
     * Publishes the messages that arrive from a reader, up to the end of the stream.
     *
     * <p><b>Back-pressure.</b> While there is demand, exactly one read is pending. Without demand no read is pending,
     * and further bytes stay in the kernel.
     *
     * <p><b>Concurrency.</b> The publisher accepts one subscriber. Each further subscriber receives {@code onError}
     * with an {@link IllegalStateException}. While there is demand, only the publisher may read from the reader.
     *
     * <p><b>Threads.</b> Items arrive on the thread that completes the read, or on the thread that calls
     * {@code request}.
     *
     * <p><b>Cancellation.</b> Withdraws the pending read without a loss. Messages not yet given to the subscriber stay
     * readable, and any caller may issue the next read. If an item is being delivered at the time of the cancel, the
     * subscriber still receives the item.
     *
     * <p><b>Failures.</b> A failure of a read arrives bare, by {@code onError}. Neither completion nor failure closes
     * the socket. If the subscriber throws, the subscription counts as cancelled (rule 2.13), and the exception is
     * logged.
     *
     * @param <T> the type of a message
     * @param reader the source of the bytes
     * @param decoder decodes the messages
     * @return a publisher for one subscriber
     * @throws IllegalArgumentException if the decoder's limit is less than 1
     */
    public static <T> Flow.Publisher<T> publisher(AsyncReader reader, Decoder<? extends T> decoder) {
        Objects.requireNonNull(reader, "reader");
        Decoder<T> advancing = new AdvancingDecoder<>(
                () -> reader instanceof AsyncSocket socket ? socket.remoteAddress() : reader, decoder);
        return new PullPublisher<T>(() -> reader.readMessage(advancing));
    }

    /**
     * Returns a subscriber that writes buffers. Works like {@link #subscriber(AsyncWriter, Encoder)}, with the items
     * themselves as the encoded bytes. Each item is lent until the subscriber requests the next item.
     *
     * @param writer the destination of the bytes
     * @return a subscriber for one subscription
     */
    public static Sink<ByteBuffer> subscriber(AsyncWriter writer) {
        return subscriber(writer, item -> item);
    }

    /**
     * Returns a subscriber that writes messages.
     *
     * <p><b>Back-pressure.</b> The subscriber requests the next item when the previous item has been written. So a peer
     * that does not read delays the publisher.
     *
     * <p><b>Failures.</b> A write that fails cancels the subscription.
     *
     * <p><b>The end.</b> Neither {@code onComplete} nor {@code onError} closes the socket or shuts down the output. Use
     * {@link Sink#done} for any following step.
     *
     * @param <T> the type of the items
     * @param writer the destination of the bytes
     * @param encoder encodes an item
     * @return a subscriber for one subscription
     */
    public static <T> Sink<T> subscriber(AsyncWriter writer, Encoder<? super T> encoder) {
        Encoding<T> output =
                new Encoding<>(Objects.requireNonNull(writer, "writer"), Objects.requireNonNull(encoder, "encoder"));
        return new WritingSink<>(new SerialSubscriber<>(SocketContext.of(writer), output));
    }

    /** Encodes and writes items, and reports the length of each item. */
    private record Encoding<T>(AsyncWriter writer, Encoder<? super T> encoder) implements SerialSubscriber.Output<T> {
        @Override
        public CompletableFuture<Void> write(T item, LongConsumer length) {
            return writer.writeMessage(item, message -> {
                ByteBuffer encoded = encoder.encode(message);
                length.accept(encoded.remaining());
                return encoded;
            });
        }

        @Override
        public String toString() {
            return writer.toString();
        }
    }

    /** A sink that delegates to a subscriber. The subscriber is also the future of {@link #done}. */
    private record WritingSink<T>(SerialSubscriber<T> subscriber) implements Sink<T> {
        @Override
        public CompletableFuture<Long> done() {
            return subscriber;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(subscription);
        }

        @Override
        public void onNext(T item) {
            subscriber.onNext(item);
        }

        @Override
        public void onError(Throwable failure) {
            subscriber.onError(failure);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
        }
    }
}
