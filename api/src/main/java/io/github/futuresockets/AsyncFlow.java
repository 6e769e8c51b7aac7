package io.github.futuresockets;

import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * Sockets as publishers and subscribers of {@link java.util.concurrent.Flow}, for the libraries of reactive streams. Rules and
 * section numbers are those of the Reactive Streams specification, which all of this keeps.
 */
public final class AsyncFlow {
    private AsyncFlow() {}

    /**
     * A subscriber that writes, and tells when it is over.
     *
     * @param <T> the type of the items
     */
    public interface Sink<T> extends Flow.Subscriber<T> {

        /**
         * How it ended.
         *
         * <p><b>Cancellation and timeouts.</b> Whatever ends it from outside cancels the subscription and the write in
         * progress. Each call returns the same future.
         *
         * @return the number of bytes written, once the publisher has completed and the last write is done; what the publisher or
         *     a write failed with
         */
        CompletableFuture<Long> done();
    }

    /**
     * What comes from a reader, piece by piece as it arrives. {@link #publisher(AsyncReader, Decoder)} with
     * {@link AsyncReader#readSome} for a message.
     *
     * @param reader where it comes from
     * @param maxChunk the most bytes in one item, at least 1
     * @return a publisher for one subscriber
     * @throws IllegalArgumentException if {@code maxChunk} is less than 1
     */
    public static Flow.Publisher<ByteBuffer> publisher(AsyncReader reader, int maxChunk) {
        Objects.requireNonNull(reader, "reader");
        if (maxChunk < 1) {
            throw new IllegalArgumentException("maxChunk " + maxChunk + " is less than 1");
        }
        return new ReadPublisher<>(() -> reader.readSome(maxChunk));
    }

    /**
     * The messages that come from a reader, up to the end of the stream.
     *
     * <p><b>Back-pressure.</b> One read is pending while there is demand, none otherwise: bytes that nobody asked for stay in
     * the kernel.
     *
     * <p><b>Concurrency.</b> For one subscriber: any further one gets {@code onError} with an {@link IllegalStateException}. While
     * there is demand the reading belongs to it.
     *
     * <p><b>Threads.</b> Items come on the thread that completes the read, or on the one that calls {@code request}.
     *
     * <p><b>Cancellation.</b> Withdraws the pending read, without a loss: what was not given to the subscriber stays readable,
     * and the next read may be issued by somebody else. An item that is on its way at this moment still comes.
     *
     * <p><b>Failures.</b> Those of the reading, bare, by {@code onError}. Neither end closes the socket. A subscriber that
     * throws has cancelled (rule 2.13); this is logged.
     *
     * @param <T> the type of a message
     * @param reader where they come from
     * @param decoder makes them of bytes
     * @return a publisher for one subscriber
     * @throws IllegalArgumentException if the decoder's limit is less than 1
     */
    public static <T> Flow.Publisher<T> publisher(AsyncReader reader, Decoder<? extends T> decoder) {
        Objects.requireNonNull(reader, "reader");
        Decoder<T> advancing = new Advancing<>(reader, decoder);
        return new ReadPublisher<T>(() -> reader.readMessage(advancing));
    }

    /**
     * Writes buffers to a writer. {@link #subscriber(AsyncWriter, Encoder)} with the items themselves for the bytes: each is
     * lent until the next one is requested.
     *
     * @param writer where they go
     * @return a subscriber for one subscription
     */
    public static Sink<ByteBuffer> subscriber(AsyncWriter writer) {
        return subscriber(writer, item -> item);
    }

    /**
     * Writes messages to a writer.
     *
     * <p><b>Back-pressure.</b> An item is requested when the one before has been written: a peer that does not read holds up
     * the publisher.
     *
     * <p><b>Failures.</b> A write that fails cancels the subscription.
     *
     * <p><b>The end.</b> Neither {@code onComplete} nor {@code onError} closes the socket, or its output: what is to follow,
     * {@link Sink#done} is there for.
     *
     * @param <T> the type of the items
     * @param writer where they go
     * @param encoder makes bytes of an item
     * @return a subscriber for one subscription
     */
    public static <T> Sink<T> subscriber(AsyncWriter writer, Encoder<? super T> encoder) {
        return new WriteSink<>(Objects.requireNonNull(writer, "writer"), Objects.requireNonNull(encoder, "encoder"));
    }
}
