package io.github.futuresockets;

import java.util.concurrent.CompletableFuture;

/**
 * Requests and their replies over one connection, pipelined: {@link AsyncSocket#requests}. The peer answers in the order of
 * the requests, so the first reply is that of the first request, and so on.
 *
 * <p>Reading from the socket belongs to this object as long as calls are in progress. When none is, nothing is read:
 * {@link AsyncReader#readable} is then the watch for a peer that has gone.
 *
 * @param <Q> the type of a request
 * @param <R> the type of a reply
 */
public interface Requests<Q, R> extends AutoCloseable {

    /**
     * Sends a request, as soon as no more than the agreed number are on the wire without a reply, and completes with its reply.
     *
     * <p><b>Concurrency.</b> Any thread; requests leave in the order of the calls. The encoder runs within the call. Up to
     * 1,024 calls may wait to be sent, or as many as may be on the wire if that is more; one beyond that fails at once with an
     * {@code IOException} that names the limit, alone.
     *
     * <p><b>Threads.</b> Completed by the thread that has read the reply: an I/O thread, or one that is in this method.
     *
     * <p><b>Cancellation and timeouts.</b> While it waits, the call is taken back and nothing is sent. Later, it keeps its
     * place: its reply is read when it comes, and dropped, so that no reply ever reaches another call. The other calls do not
     * notice. {@link AsyncSocket#readTimeout} counts while a reply is due.
     *
     * <p><b>Failures.</b> What the encoder throws fails this call alone; nothing is sent. Whatever ends the reading fails all
     * calls in progress, and later ones at once: an {@link IncompleteReadException} for the end of the stream while a reply is
     * due, what the decoder throws, a time-out of the reading, a reset, a close. A write that fails fails its call and those
     * behind it. Bytes that are there before the only request in progress is sent are a reply that nobody has asked for: an
     * {@code IOException}, as any other failure. This is noticed when they were read ahead; bytes that are still in the kernel
     * then cannot be told from the reply. The socket stays open until somebody closes it.
     *
     * @param message the request
     * @return its reply, never null
     */
    CompletableFuture<R> request(Q message);

    /** Closes the socket: {@link AsyncSocket#close}. Requests that wait or lack their reply fail. */
    @Override
    void close();
}
