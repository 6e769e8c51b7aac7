package io.github.futuresockets;

import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One end of a conversation.
 *
 * <p>It has three ends of its own: {@link #shutdownOutput} says that we are done sending, {@link #close} ends the
 * conversation in good order, {@link #abort} drops it. A socket that is not closed keeps its descriptor.
 *
 * <p>All methods may be called from any thread. {@code toString} shows both addresses and the state.
 */
public interface AsyncSocket extends AsyncReader, AsyncWriter, AutoCloseable {

    /**
     * The address of this end.
     *
     * @return the address; still known after close
     */
    SocketAddress localAddress();

    /**
     * The address of the other end.
     *
     * @return the address; still known after close
     */
    SocketAddress remoteAddress();

    /**
     * The value of a socket option.
     *
     * @param <T> the type of the value
     * @param name the option
     * @return its value as the kernel has it
     * @throws UnsupportedOperationException if this socket does not have the option
     * @throws java.nio.channels.ClosedChannelException if the socket is closed
     * @throws IOException if the kernel refuses
     */
    <T> T getOption(SocketOption<T> name) throws IOException;

    /**
     * Sets a socket option.
     *
     * @param <T> the type of the value
     * @param name the option
     * @param value its new value
     * @return this socket
     * @throws UnsupportedOperationException if this socket does not have the option
     * @throws IllegalArgumentException if the value is not valid for it
     * @throws java.nio.channels.ClosedChannelException if the socket is closed
     * @throws IOException if the kernel refuses
     */
    <T> AsyncSocket setOption(SocketOption<T> name, T value) throws IOException;

    /**
     * Sets how long a pending read may go without a single byte arriving. The read fails with
     * {@link java.net.SocketTimeoutException}; nothing is lost and the socket stays open.
     *
     * @param timeout how long; {@link Duration#ZERO}: for ever. Counts from now for a read that is pending.
     * @return this socket
     * @throws IllegalArgumentException if it is negative
     */
    AsyncSocket readTimeout(Duration timeout);

    /**
     * Sets how long writes may wait without a single byte leaving. All of them fail with
     * {@link java.net.SocketTimeoutException} and the socket is aborted.
     *
     * @param timeout how long; {@link Duration#ZERO}: for ever. Counts from now for writes that wait.
     * @return this socket
     * @throws IllegalArgumentException if it is negative
     */
    AsyncSocket writeTimeout(Duration timeout);

    /**
     * Aborts the socket when no byte has come or gone for so long, whether anybody waits or not; counted from the last byte.
     * {@link #closed} then tells {@link CloseReason.Kind#TIMED_OUT}.
     *
     * @param timeout {@link Duration#ZERO}: off
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    AsyncSocket idleTimeout(Duration timeout);

    /**
     * What this socket has moved so far.
     *
     * @return a snapshot; still known after close
     */
    SocketStats stats();

    /**
     * Whether the conversation goes on: not closed, not aborted, not ended by a failed write or by a reset. The end of the
     * peer's stream does not count.
     *
     * @return a snapshot
     */
    boolean isOpen();

    /**
     * Ends the conversation in good order, without blocking: a pending read fails, queued writes go out, then the FIN, and
     * what the peer still sends is dropped until its end. {@link AsyncSockets.Builder#closeTimeout} bounds it.
     * {@link #closed} tells when it is over. Idempotent.
     */
    @Override
    void close();

    /**
     * Drops the conversation at once: pending operations fail with
     * {@link java.nio.channels.AsynchronousCloseException}, unsent bytes are dropped. The peer sees a reset where the
     * provider can send one, over TCP with {@code loop} and in memory, and otherwise an end of the stream. A conversation that has
     * failed before is released without a reset. Idempotent.
     */
    void abort();

    /**
     * Done when the socket is closed and released: nothing of it is left, and none of its futures is pending.
     *
     * <p><b>Threads.</b> With an {@linkplain AsyncSockets.Builder#executor executor} it comes behind the completions of this
     * socket that run there: one that waits for it waits for itself.
     *
     * <p><b>Cancellation.</b> Touches nothing else: each call returns a future of its own.
     *
     * @return how it ended. Never fails.
     */
    CompletableFuture<CloseReason> closed();

    /**
     * Goes on encrypted, at once or as a protocol has agreed to (STARTTLS). Writes that are queued go out before, in the plain; what
     * the peer sends from now on is taken for its part of the handshake. From the call on this socket can neither be read
     * from nor written to: such operations fail with {@link java.nio.channels.ClosedChannelException}. What its
     * {@code close}, {@code abort}, {@code closed} and {@code isOpen} say and do is that of the encrypted socket, which has the
     * time-outs that sockets have by default. What is special to it is told at {@link TlsOptions}.
     *
     * <p>Bytes that are here already and have not been read would be read as if they had been encrypted. Whoever can write to the
     * connection could have sent them, so then it is refused, and this socket is as it was.
     *
     * <p><b>Cancellation.</b> Before the handshake has begun: as if it had not been called. Later: the connection is aborted.
     *
     * <p><b>Timeouts.</b> {@link TlsOptions#handshakeTimeout} bounds the handshake.
     *
     * @param options says, too, which end we are: mostly the client is who has connected. A client that has connected to an
     *     address, and not by a name, sets {@link TlsOptions#serverName}.
     * @return the encrypted socket. {@link java.nio.channels.ReadPendingException} if a read is pending,
     *     {@link javax.net.ssl.SSLException} if {@link #buffered} bytes have not been read;
     *     {@link javax.net.ssl.SSLHandshakeException} if the two ends do not come to terms,
     *     {@link java.net.SocketTimeoutException} if not in time: then the connection is closed;
     *     {@link java.nio.channels.ClosedChannelException} if it was
     */
    CompletableFuture<AsyncSocket> startTls(TlsOptions options);

    /**
     * What has been agreed on, if this socket is encrypted.
     *
     * @return the session; still known after close
     */
    Optional<TlsSession> tlsSession();

    /**
     * This socket as one that speaks in messages of one kind.
     *
     * @param <T> the type of a message
     * @param codec both directions
     * @return a view; the socket remains usable beside it
     * @throws IllegalArgumentException if the codec's limit is less than 1
     */
    default <T> MessageSocket<T, T> messages(Codec<T> codec) {
        return messages(codec, codec);
    }

    /**
     * This socket as one that speaks in messages.
     *
     * @param <I> what comes in
     * @param <O> what goes out
     * @param decoder reads messages
     * @param encoder writes messages
     * @return a view; the socket remains usable beside it
     * @throws IllegalArgumentException if the decoder's limit is less than 1
     */
    default <I, O> MessageSocket<I, O> messages(Decoder<? extends I> decoder, Encoder<? super O> encoder) {
        return new Messages<>(this, decoder, encoder);
    }

    /**
     * Requests and their replies over this socket, pipelined.
     *
     * @param <Q> the type of a request
     * @param <R> the type of a reply
     * @param encoder writes requests
     * @param decoder reads replies
     * @param inFlight how many requests may be on the wire without a reply, at least 1
     * @return one for the socket: a second one would read the replies of the first
     * @throws IllegalArgumentException if {@code inFlight} or the decoder's limit is less than 1
     */
    default <Q, R> Requests<Q, R> requests(Encoder<? super Q> encoder, Decoder<? extends R> decoder, int inFlight) {
        return new Pipeline<>(this, encoder, decoder, inFlight);
    }

    /**
     * This socket as a file to read from, for code that may block. Reads go straight into the caller's array, and nothing is
     * kept between them: they may be mixed with those of this socket. Where they need not be, many small reads are better
     * served by a {@link java.io.BufferedInputStream} around it. {@code available} tells {@link #buffered};
     * {@code close} closes this socket, as the streams of {@code java.net.Socket} do.
     *
     * <p><b>Concurrency.</b> One read at a time. On an I/O thread of the same sockets a read that would have to wait throws
     * {@link IllegalStateException}.
     *
     * <p><b>Failures.</b> Those of {@link #read}, bare. An interrupt withdraws the read, without a loss, and throws
     * {@link java.io.InterruptedIOException}; the thread's interrupt status is then set. {@link #readTimeout} counts.
     *
     * @return a view
     */
    default InputStream inputStream() {
        return new SocketInput(this);
    }

    /**
     * This socket as a file to write to, for code that may block. A write returns when the kernel has taken every byte, so
     * there is nothing to flush, and small writes are better put together in a {@link java.io.BufferedOutputStream}.
     * {@code close} closes this socket, as the streams of {@code java.net.Socket} do; {@link #shutdownOutput} ends the
     * stream alone.
     *
     * <p><b>Concurrency.</b> Any number of writes; none is interleaved with another. On an I/O thread of the same sockets a
     * write that would have to wait throws {@link IllegalStateException}, and is cancelled.
     *
     * <p><b>Failures.</b> Those of {@link #write(java.nio.ByteBuffer)}, bare. An interrupt cancels the write, which is never
     * torn (contract, clause 6), and throws {@link java.io.InterruptedIOException}; the thread's interrupt status is then set.
     *
     * @return a view
     */
    default OutputStream outputStream() {
        return new SocketOutput(this);
    }
}
