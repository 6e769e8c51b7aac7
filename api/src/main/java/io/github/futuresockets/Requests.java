package io.github.futuresockets;

import java.util.concurrent.CompletableFuture;

/**
 * Pipelined requests and replies over a single connection, created by {@link AsyncSocket#requests}. Two kinds of views
 * assign replies to requests:
 *
 * <ul>
 *   <li><b>In order.</b> The peer answers in the order of the requests. So the first reply belongs to the first
 *       request, and so on.
 *   <li><b>By id.</b> The peer answers in any order. Each reply has the id of its request.
 * </ul>
 *
 * <p><b>Reading, in order.</b> While calls are in progress, only the view may read from the socket. While no call is in
 * progress, the view reads nothing. Then {@link AsyncReader#readable} or {@link #ended} detects the end of the
 * connection.
 *
 * <p><b>Reading, by id.</b> The view reads from its creation to the end of the conversation. No other code may read
 * from the socket. {@link AsyncSocket#readTimeout} counts all the time, also while no call is in progress.
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
     * calls. {@link #writable} waits for a free place.
     *
     * <p><b>Ids.</b> In a view by id, the calls that wait or have no reply yet must have different ids, compared by
     * {@code equals}. Otherwise the later call fails at once with an {@link IllegalStateException} that names the id,
     * and no byte of its request is sent. A request with a null id fails with a {@link NullPointerException}.
     *
     * <p><b>Threads.</b> The thread that reads the reply completes the future. The thread is an I/O thread or a caller
     * of {@code request}.
     *
     * <p><b>Cancellation and timeouts.</b> If a call is cancelled before its request is sent, the request is never
     * sent. If a call is cancelled later, its reply is still read and then dropped. So no reply is delivered to a wrong
     * call, and the other calls are not affected. Until the reply comes, the cancelled call counts as sent without a
     * reply, and keeps its id. So a peer that does not answer cancelled calls delays later calls, and cannot make
     * memory grow. {@link AsyncSocket#readTimeout} counts while a reply is due.
     *
     * <p><b>Failures.</b> The effect depends on the failed part:
     *
     * <ul>
     *   <li>An exception of the encoder, or of the function for the id of a request, fails its own call only. No byte
     *       of the request is sent.
     *   <li>A failed write fails its own call and all later calls.
     *   <li>A failed read fails all calls in progress and all later calls. Examples are the end of the stream while a
     *       reply is due ({@link IncompleteReadException}), an exception of the decoder, a time-out, a reset and a
     *       close.
     *   <li>In order, an unsolicited reply fails all calls in progress and all later calls, with an
     *       {@code IOException}. A reply is unsolicited if its bytes are in the read buffer of the socket before the
     *       only request in progress is sent. Bytes that are still in the kernel at that time cannot be distinguished
     *       from the reply.
     *   <li>By id, an exception of the function for the id of a reply fails all calls in progress and all later calls,
     *       with an {@code IOException} that names the peer.
     * </ul>
     *
     * <p>After a failure the socket stays open until the user closes the socket.
     *
     * @param message the request
     * @return a future of the reply, never null
     */
    CompletableFuture<R> request(Q message);

    /**
     * Waits until a further call would not fail because of the limit of waiting calls. Each completed future stands for
     * a single free place. So if every caller waits for a future of its own before each call, no call exceeds the
     * limit. The place of a caller that makes no call stays unused until no call waits.
     *
     * <p><b>Concurrency.</b> May be called from any thread. Futures complete in the order of the calls of this method.
     *
     * <p><b>Cancellation.</b> Each call returns a separate future. Cancelling the future has no other effect.
     *
     * @return a future that completes when a call may be made. The future fails after a failure of the conversation,
     *     because no call can succeed any more
     */
    CompletableFuture<Void> writable();

    /**
     * Waits until the conversation has ended, so that no further call can succeed. Earlier calls may still get their
     * replies after a failed write.
     *
     * <p>The future completes normally in these cases:
     *
     * <ul>
     *   <li>This side has closed or aborted the socket, with or without calls in progress.
     *   <li>The stream of the peer has ended at the end of a message, while no reply was due.
     * </ul>
     *
     * <p>In all other cases the future fails, with the failure of the calls.
     *
     * <p><b>In order, while no call is in progress.</b> The first call of this method begins a watch of the socket by
     * {@link AsyncReader#readable}. From then on the view detects the end of the stream, a reset and a close at once.
     * Bytes that come while no reply is due are an unsolicited reply, and fail the conversation. So no other code may
     * read from the socket afterwards.
     *
     * <p><b>Cancellation.</b> Each call returns a separate future. Cancelling the future has no other effect. The watch
     * continues.
     *
     * @return a future of the end
     */
    CompletableFuture<Void> ended();

    /** Closes the socket, as {@link AsyncSocket#close} does. Calls without a reply fail. */
    @Override
    void close();
}
