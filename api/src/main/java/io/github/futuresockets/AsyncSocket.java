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
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One end of a connection.
 *
 * <p>A connection ends in one of three ways. {@link #shutdownOutput} ends only the output. {@link #close} ends the
 * connection in good order. {@link #abort} drops the connection. A socket keeps its descriptor until the socket is
 * closed.
 *
 * <p>All methods may be called from any thread. {@code toString} shows both addresses and the state.
 */
public interface AsyncSocket extends AsyncReader, AsyncWriter, AutoCloseable {

    /**
     * Returns the address of this end.
     *
     * @return the address; also available after a close
     */
    SocketAddress localAddress();

    /**
     * Returns the address of the other end.
     *
     * @return the address; also available after a close
     */
    SocketAddress remoteAddress();

    /**
     * Returns the value of a socket option.
     *
     * @param <T> the type of the value
     * @param name the option
     * @return the value in the kernel
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
     * @param value the new value
     * @return this socket
     * @throws UnsupportedOperationException if this socket does not have the option
     * @throws IllegalArgumentException if the value is not valid for the option
     * @throws java.nio.channels.ClosedChannelException if the socket is closed
     * @throws IOException if the kernel refuses
     */
    <T> AsyncSocket setOption(SocketOption<T> name, T value) throws IOException;

    /**
     * Sets the time-out of reads. If no byte arrives for this time, the pending read fails with
     * {@link java.net.SocketTimeoutException}. No byte is lost, and the socket stays open.
     *
     * @param timeout the longest time without a byte; {@link Duration#ZERO}: off. For a pending read, the time begins
     *     with this call
     * @return this socket
     * @throws IllegalArgumentException if {@code timeout} is negative
     */
    AsyncSocket readTimeout(Duration timeout);

    /**
     * Sets the time-out of writes. If writes wait and no byte is sent for this time, all waiting writes fail with
     * {@link java.net.SocketTimeoutException} and the socket is aborted.
     *
     * @param timeout the longest time without a byte; {@link Duration#ZERO}: off. For waiting writes, the time begins
     *     with this call
     * @return this socket
     * @throws IllegalArgumentException if {@code timeout} is negative
     */
    AsyncSocket writeTimeout(Duration timeout);

    /**
     * Sets the idle time-out. If no byte is received or sent for this time, the socket is aborted, with or without
     * pending operations. The time begins with the last byte. {@link #closed} then reports
     * {@link CloseReason.Kind#TIMED_OUT}.
     *
     * @param timeout the longest time without a byte; {@link Duration#ZERO}: off
     * @return this socket
     * @throws IllegalArgumentException if {@code timeout} is negative
     */
    AsyncSocket idleTimeout(Duration timeout);

    /**
     * Returns counters of the bytes and operations of this socket.
     *
     * @return a snapshot; also available after a close
     */
    SocketStats stats();

    /**
     * Returns true if the connection has not ended. A close, an abort, a failed write and a reset end a connection. The
     * end of the peer's stream does not.
     *
     * @return a snapshot
     */
    boolean isOpen();

    /**
     * Ends the connection in good order, without blocking. A pending read fails, the write queue drains, and then the
     * FIN is sent. Further bytes of the peer are dropped until the end of the stream.
     * {@link AsyncSockets.Builder#closeTimeout} limits the close. {@link #closed} completes when the close is over.
     * Idempotent.
     */
    @Override
    void close();

    /**
     * Drops the connection at once. Pending operations fail with {@link java.nio.channels.AsynchronousCloseException},
     * and unsent bytes are dropped. Idempotent.
     *
     * <p>The peer sees a reset if the provider can send a reset: provider {@code loop} over TCP, and connections in
     * memory. Otherwise the peer sees an end of the stream. If the connection has failed before, the socket is released
     * without a reset.
     */
    void abort();

    /**
     * Returns a future that completes when the socket is closed and released. Nothing of the socket is left then, and
     * none of its futures is pending.
     *
     * <p><b>Threads.</b> With an {@linkplain AsyncSockets.Builder#executor executor}, this future completes after the
     * completions of this socket that run there. So a completion that blocks until this future is done waits for
     * itself.
     *
     * <p><b>Cancellation.</b> Ends only this future. Each call returns a separate future.
     *
     * @return the reason of the close. Never fails
     */
    CompletableFuture<CloseReason> closed();

    /**
     * Upgrades the connection to TLS, at once or after an agreement of the protocol (STARTTLS). Queued writes are sent
     * before the handshake, unencrypted. Bytes that the peer sends after this call count as part of the handshake.
     *
     * <p>From this call on, reads and writes of this socket fail with {@link java.nio.channels.ClosedChannelException}.
     * {@code close}, {@code abort}, {@code closed} and {@code isOpen} of this socket apply to the encrypted socket. The
     * encrypted socket has the default time-outs. {@link TlsOptions} states the further rules of encrypted sockets.
     *
     * <p>If received bytes have not been read, the call is refused and this socket stays unchanged. Because anybody on
     * the network path can inject plain bytes, such bytes must not count as encrypted.
     *
     * <p><b>Cancellation.</b> Before the handshake, a cancel has no effect on this socket, as if this method had not
     * been called. During the handshake, a cancel aborts the connection.
     *
     * <p><b>Timeouts.</b> {@link TlsOptions#handshakeTimeout} limits the handshake.
     *
     * @param options the options, including the role of this end. Mostly, the connecting end is the client. A client
     *     connected to an address instead of a name sets {@link TlsOptions#serverName}
     * @return the encrypted socket. Two failures leave this socket unchanged:
     *     {@link java.nio.channels.ReadPendingException} if a read is pending, and {@link javax.net.ssl.SSLException}
     *     if {@link #buffered} bytes have not been read. Two failures close the connection:
     *     {@link javax.net.ssl.SSLHandshakeException} if the handshake fails, and
     *     {@link java.net.SocketTimeoutException} if the handshake takes too long. Fails with
     *     {@link java.nio.channels.ClosedChannelException} if the socket is closed already, or is closed while queued
     *     writes wait before the handshake
     */
    CompletableFuture<AsyncSocket> startTls(TlsOptions options);

    /**
     * Returns the TLS session, if this socket is encrypted.
     *
     * @return the session; also available after a close
     */
    Optional<TlsSession> tlsSession();

    /**
     * Returns a view of this socket for messages with the same type in both directions.
     *
     * @param <T> the type of a message
     * @param codec the codec of both directions
     * @return a view; the socket remains usable beside the view
     * @throws IllegalArgumentException if the codec's limit is less than 1
     */
    default <T> MessageSocket<T, T> messages(Codec<T> codec) {
        return messages(codec, codec);
    }

    /**
     * Returns a view of this socket for messages.
     *
     * @param <I> the type of received messages
     * @param <O> the type of sent messages
     * @param decoder decodes received messages
     * @param encoder encodes sent messages
     * @return a view; the socket remains usable beside the view
     * @throws IllegalArgumentException if the decoder's limit is less than 1
     */
    <I, O> MessageSocket<I, O> messages(Decoder<? extends I> decoder, Encoder<? super O> encoder);

    /**
     * Returns a view of this socket for pipelined requests, with replies in the order of the requests.
     *
     * @param <Q> the type of a request
     * @param <R> the type of a reply
     * @param encoder encodes requests
     * @param decoder decodes replies
     * @param inFlight the maximum number of sent requests without a reply, at least 1
     * @return a view. Use a single view per socket, because a second view would read the replies of the first
     * @throws IllegalArgumentException if {@code inFlight} or the decoder's limit is less than 1
     */
    <Q, R> Requests<Q, R> requests(Encoder<? super Q> encoder, Decoder<? extends R> decoder, int inFlight);

    /**
     * Returns a view of this socket for pipelined requests, with replies in any order. Works like
     * {@link #requests(Encoder, Decoder, Function, Function, int, Consumer)}. Unsolicited messages are dropped, each
     * with a log entry of level DEBUG.
     *
     * @param <Q> the type of a request
     * @param <R> the type of a reply
     * @param encoder encodes requests
     * @param decoder decodes replies
     * @param idOfRequest returns the id of a request, never null
     * @param idOfReply returns the id of a reply, or null for a message that is no reply
     * @param inFlight the maximum number of sent requests without a reply, at least 1
     * @return a view. Use a single view per socket
     * @throws IllegalArgumentException if {@code inFlight} or the decoder's limit is less than 1
     */
    default <Q, R> Requests<Q, R> requests(
            Encoder<? super Q> encoder,
            Decoder<? extends R> decoder,
            Function<? super Q, ?> idOfRequest,
            Function<? super R, ?> idOfReply,
            int inFlight) {
        return requests(
                encoder,
                decoder,
                idOfRequest,
                idOfReply,
                inFlight,
                message -> System.getLogger("io.github.futuresockets")
                        .log(
                                System.Logger.Level.DEBUG,
                                () -> "message from " + remoteAddress() + ": dropped, because no request has its id"));
    }

    /**
     * Returns a view of this socket for pipelined requests, with replies in any order. A reply belongs to the request
     * with an equal id.
     *
     * <p><b>Reading.</b> Begins within this call and continues to the end of the conversation, so that unsolicited
     * messages arrive while no request is in progress. No other code may read from this socket.
     *
     * <p><b>Ids.</b> Both functions run for each message, and must be pure functions. The function for replies runs on
     * the thread that reads, and must not block. The ids need {@code equals} and {@code hashCode}.
     *
     * <p><b>Unsolicited messages.</b> A message is unsolicited in these cases:
     *
     * <ul>
     *   <li>Its id is null.
     *   <li>No sent request without a reply has its id. A second reply to a request is an example. The late reply of a
     *       cancelled request is not unsolicited, and is dropped.
     * </ul>
     *
     * <p><b>Handler.</b> Each unsolicited message is passed to the handler. The calls are sequential, in the order of
     * the messages. The first call may come before this method returns. The handler runs on the threads that complete
     * requests. While the handler runs, replies still arrive and overtake waiting messages. When two further
     * unsolicited messages wait, the view reads nothing until the handler returns. So a slow handler slows down the
     * peer, and a handler must not wait for a reply. An exception of the handler is logged, and the conversation
     * continues.
     *
     * @param <Q> the type of a request
     * @param <R> the type of a reply
     * @param encoder encodes requests
     * @param decoder decodes all messages of the peer
     * @param idOfRequest returns the id of a request, never null
     * @param idOfReply returns the id of a reply, or null for a message that is no reply
     * @param inFlight the maximum number of sent requests without a reply, at least 1
     * @param unsolicited receives the unsolicited messages
     * @return a view. Use a single view per socket
     * @throws IllegalArgumentException if {@code inFlight} or the decoder's limit is less than 1
     */
    <Q, R> Requests<Q, R> requests(
            Encoder<? super Q> encoder,
            Decoder<? extends R> decoder,
            Function<? super Q, ?> idOfRequest,
            Function<? super R, ?> idOfReply,
            int inFlight,
            Consumer<? super R> unsolicited);

    /**
     * Returns a view of this socket as an input stream, for code that may block. Reads fill the caller's array
     * directly, and the stream buffers no bytes. So reads of the stream and of this socket can be mixed. For many small
     * reads without such a mix, a {@link java.io.BufferedInputStream} around the stream is faster.
     *
     * <p>{@code available} returns {@link #buffered}. {@code close} closes this socket, as the streams of
     * {@code java.net.Socket} do.
     *
     * <p><b>Concurrency.</b> One read at a time. On an I/O thread of the same sockets, a read that would have to wait
     * throws {@link IllegalStateException}.
     *
     * <p><b>Failures.</b> The failures of {@link #read}, bare. An interrupt withdraws the read without a loss and
     * throws {@link java.io.InterruptedIOException}, and the thread's interrupt status stays set. {@link #readTimeout}
     * applies.
     *
     * @return a view
     */
    InputStream inputStream();

    /**
     * Returns a view of this socket as an output stream, for code that may block. A write returns when the kernel has
     * taken every byte, so no flush is needed. For many small writes, use a {@link java.io.BufferedOutputStream} around
     * the stream.
     *
     * <p>{@code close} closes this socket, as the streams of {@code java.net.Socket} do. {@link #shutdownOutput} ends
     * only the output.
     *
     * <p><b>Concurrency.</b> Any number of threads may write, and writes are never interleaved. On an I/O thread of the
     * same sockets, a write that would have to wait throws {@link IllegalStateException} and is cancelled.
     *
     * <p><b>Failures.</b> The failures of {@link #write(java.nio.ByteBuffer)}, bare. An interrupt cancels the write and
     * throws {@link java.io.InterruptedIOException}, and the thread's interrupt status stays set. The write is never
     * torn (contract, clause 6).
     *
     * @return a view
     */
    OutputStream outputStream();
}
