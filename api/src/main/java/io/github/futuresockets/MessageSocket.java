package io.github.futuresockets;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A view of a socket as a sequence of messages, created by {@link AsyncSocket#messages}. The view has no buffer of its
 * own. Reads and writes on the {@linkplain #socket() socket} itself come before or after a message, never within a
 * message.
 *
 * @param <I> the type of the incoming messages
 * @param <O> the type of the outgoing messages
 */
public interface MessageSocket<I, O> extends AutoCloseable {

    /**
     * Reads the next message, as {@link AsyncReader#readMessage} does. If the decoder returns a message and takes no
     * byte, the read fails with an {@link IllegalStateException}, because the decoder would return the same message
     * forever.
     *
     * @return a future of the message, or of null if the stream ends before the first byte of a message
     */
    CompletableFuture<@Nullable I> receive();

    /**
     * Reads a batch of messages. The batch is as long as the messages that have arrived, and never waits for more than a
     * single message. A decoder fails as in {@link #receive}. If a message behind the first one fails, the batch ends
     * before the message, and the next read fails.
     *
     * <p><b>Cancellation and timeouts.</b> Both are lossless. Either the whole batch is taken, or no message.
     *
     * <p><b>Memory.</b> A batch is decoded from the read buffer of the socket. So a batch has at most the messages of 64
     * KiB, or of the limit of the decoder if the limit is larger.
     *
     * @param max the largest number of messages, at least 1
     * @return a future of 1 to {@code max} messages in a list of the caller's own, or of null if the stream ends before
     *     the first byte of a message
     * @throws IllegalArgumentException if {@code max} is less than 1
     */
    CompletableFuture<@Nullable List<I>> receiveMany(int max);

    /**
     * Writes a message, as {@link AsyncWriter#writeMessage} does.
     *
     * @param message the message to write
     * @return a future that completes when the kernel has taken every byte. If the encoder throws, the future fails
     *     with the exception of the encoder, and the connection ends.
     */
    CompletableFuture<Void> send(O message);

    /**
     * Writes several messages in a single write. All messages are encoded within the call, before the first byte is
     * sent. So either all messages are sent, or none. Without a message the future is complete on return, unless the
     * socket is closed.
     *
     * <p><b>Cancellation and timeouts.</b> Both act as in {@link AsyncWriter#write}, on all messages together.
     *
     * @param messages the messages to write. The iteration runs within the call
     * @return a future that completes when the kernel has taken every byte. If the encoder or the iteration throws, no
     *     byte is sent, the future fails with the exception, and the connection ends. The future also fails if all
     *     messages together have more than {@code Integer.MAX_VALUE - 8} bytes.
     */
    CompletableFuture<Void> sendAll(Iterable<? extends O> messages);

    /**
     * Passes each message to a handler, sequentially. The fastest way to serve messages: a message has no future, and the
     * replies of a dispatch share a write.
     *
     * <p>While the handler runs, and while its stage is incomplete, other reads of the socket and
     * {@link AsyncSocket#startTls} are allowed. Such a read begins after the current message.
     *
     * <p><b>Threads.</b> The handler runs on an I/O thread of the socket, or in the executor of
     * {@link AsyncSockets.Builder#executor}. A dispatch passes at most 64 messages or 256 KiB. Then other connections of
     * the thread have their turn.
     *
     * <p><b>Back-pressure.</b> No message is handled while the stage of an earlier message is incomplete, or while more
     * than 64 KiB wait to be sent to the peer. Unhandled bytes stay in the kernel, apart from a single buffer.
     *
     * <p><b>Failures.</b> The first failure of a read, of the handler, of its stage or of a reply fails the future. The
     * exception is not wrapped. No further message is handled. After a failure of a reply the connection ends, otherwise
     * the socket stays open.
     *
     * <p><b>Cancellation and timeouts.</b> Both cancel the stage in progress. A message that was passed to the handler is
     * taken. With an executor, a message may also have been taken and not yet passed. The handler then still gets the
     * message, and the stage of the handler is cancelled at once. All later messages stay readable. Replies that were
     * sent before the cancel still go out.
     *
     * @param handler handles a message
     * @return a future that completes when the stream has ended, the last stage is complete and every reply is sent
     */
    CompletableFuture<Void> handle(MessageHandler<? super I, O> handler);

    /**
     * Passes each message to a handler, sequentially. {@link #handle} is the same with replies that need no future.
     *
     * <p>While the handler runs, and while its stage is incomplete, other reads of the socket and
     * {@link AsyncSocket#startTls} are allowed. Such a read begins after the current message.
     *
     * <p><b>Threads.</b> The handler runs on an I/O thread of the socket, or in the executor of
     * {@link AsyncSockets.Builder#executor}. A dispatch passes at most 64 messages or 256 KiB. Then other connections of
     * the thread have their turn.
     *
     * <p><b>Back-pressure.</b> The next message is passed when the stage of the handler for the previous message is
     * complete. So a slow handler slows down the peer. A write that is delayed in order to be sent together with other
     * writes counts as complete.
     *
     * <p><b>Cancellation and timeouts.</b> Both cancel the stage in progress. A message that was passed to the handler is
     * taken. With an executor, a message may also have been taken and not yet passed. The handler then still gets the
     * message, and the stage of the handler is cancelled at once. All later messages stay readable.
     *
     * @param handler handles a message. A null stage counts as complete.
     * @return a future that completes at the end of the stream, or fails with the first failure of a read or of the
     *     handler. The socket stays open.
     */
    CompletableFuture<Void> forEach(Function<? super I, ? extends @Nullable CompletionStage<?>> handler);

    /**
     * Answers each message, with several handlers in progress at the same time. The replies are written in the order of
     * the messages, regardless of the order in which the replies become ready. {@code answer(handler, 1)} is equivalent
     * to {@code forEach(message -> handler.apply(message).thenCompose(this::send))}.
     *
     * <p><b>Back-pressure.</b> A message is in progress from its arrival until its reply has been written. At most
     * {@code concurrency} messages are in progress. So a slow handler slows down the peer, and so does a peer that does
     * not read its replies.
     *
     * <p><b>Failures.</b> The first failure of a read, of a handler or of a write fails the future at once. The
     * exception is not wrapped. After the first failure:
     *
     * <ul>
     *   <li>The stages of all other handlers are cancelled.
     *   <li>No further reply is written, even if the reply was ready and waited for an earlier message.
     *   <li>Writes that have begun continue.
     *   <li>A message that was already taken is still passed to the handler, and the stage of the handler is cancelled
     *       at once.
     *   <li>The socket stays open.
     * </ul>
     *
     * <p><b>Threads.</b> Calls of the handler are sequential. The first call runs on the caller's thread. Each later
     * call runs on the thread that has read the message, written a reply or completed the stage of a handler.
     *
     * <p><b>Cancellation and timeouts.</b> Both cancel the stages of all handlers in progress, the writes in progress
     * and the pending read, without loss of data. A message that was already taken is still passed to the handler, and
     * the stage of the handler is cancelled at once. All later messages stay readable.
     *
     * @param handler returns a stage of the reply. If the stage or the reply is null, the future fails with a
     *     {@link NullPointerException}.
     * @param concurrency the largest number of messages in progress, at least 1
     * @return a future that completes when the stream has ended and every reply is written
     * @throws IllegalArgumentException if {@code concurrency} is less than 1
     */
    CompletableFuture<Void> answer(
            Function<? super I, ? extends CompletionStage<? extends O>> handler, int concurrency);

    /**
     * Returns the socket of the view.
     *
     * @return the socket
     */
    AsyncSocket socket();

    /** Closes the socket, as {@link AsyncSocket#close} does. */
    @Override
    void close();
}
