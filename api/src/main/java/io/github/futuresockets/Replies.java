package io.github.futuresockets;

/**
 * Sends the replies of a {@link MessageHandler}. Thread-safe.
 *
 * @param <O> the type of the replies
 */
public interface Replies<O> {

    /**
     * Sends a reply, without a future for the reply.
     *
     * <p><b>Order.</b> Replies of a thread are sent in the order of the calls, and in order with all other writes, the
     * half-close and the close of the same thread. Replies of one dispatch to the handler are gathered into few system
     * calls, which follow at the latest at the end of the dispatch. Until then a write of another thread may come first.
     *
     * <p><b>Back-pressure.</b> While more than 64 KiB wait to be sent, no further message is handled. The limit of
     * {@link AsyncSockets.Builder#writeQueueLimit} applies to the replies of a single message.
     *
     * <p><b>Failures.</b> If the encoder throws, or if a write fails, the future of {@link MessageSocket#handle} fails
     * with the exception, the connection ends, and no further message is handled. The call itself does not throw.
     *
     * <p><b>Buffers.</b> An encoded buffer of the {@link io.github.futuresockets.codec.Encoder} is lent until the bytes
     * are sent.
     *
     * @param message the reply
     * @throws NullPointerException if {@code message} is null
     */
    void send(O message);
}
