package io.github.futuresockets;

import java.util.concurrent.CompletableFuture;

/**
 * Pipelined requests and replies over a single connection, created by {@link AsyncSocket#requests}. The peer must
 * answer in the order of the requests. So the first reply belongs to the first request, and so on.
 *
 * <p>While calls are in progress, only the request pipeline may read from the socket. While no call is in progress, the
 * pipeline reads nothing, and {@link AsyncReader#readable} can detect the end of the connection.
 *
 * @param <Q> the type of a request
 * @param <R> the type of a reply
 */
public interface Requests<Q, R> extends AutoCloseable {

    /**
     * Sends a request and completes with its reply. The request is sent as soon as fewer than the agreed number of
     * requests ({@code inFlight} of {@link AsyncSocket#requests}) are without a reply.
     *
     * <p><b>Concurrency.</b> May be called from any thread. Requests are sent in the order of the calls. The encoder
     * runs within the call. At most 1,024 calls, or {@code inFlight} calls if that number is larger, may wait to be
     * sent. A further call fails at once with an {@code IOException} that names the limit, and has no effect on other
     * calls.
     *
     * <p><b>Threads.</b> The thread that reads the reply completes the future. The thread is an I/O thread or a caller
     * of {@code request}.
     *
     * <p><b>Cancellation and timeouts.</b> If a call is cancelled before its request is sent, the request is never
     * sent. If a call is cancelled later, its reply is still read and then dropped. So no reply is delivered to a wrong
     * call, and the other calls are not affected. {@link AsyncSocket#readTimeout} counts while a reply is due.
     *
     * <p><b>Failures.</b> The effect depends on the failed part:
     *
     * <ul>
     *   <li>An exception of the encoder fails its own call only. No byte of the request is sent.
     *   <li>A failed write fails its own call and all later calls.
     *   <li>A failed read fails all calls in progress and all later calls. Examples are the end of the stream while a
     *       reply is due ({@link IncompleteReadException}), an exception of the decoder, a time-out, a reset and a
     *       close.
     *   <li>An unsolicited reply fails all calls in progress and all later calls, with an {@code IOException}. A reply
     *       is unsolicited if its bytes are in the read buffer of the socket before the only request in progress is
     *       sent. Bytes that are still in the kernel at that time cannot be distinguished from the reply.
     * </ul>
     *
     * <p>After a failure the socket stays open until the user closes the socket.
     *
     * @param message the request
     * @return a future of the reply, never null
     */
    CompletableFuture<R> request(Q message);

    /** Closes the socket, as {@link AsyncSocket#close} does. Calls without a reply fail. */
    @Override
    void close();
}
