package io.github.futuresockets;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A socket that speaks in messages: {@link AsyncSocket#messages}. It is a view, which holds nothing of its own: what is read or
 * written on the {@linkplain #socket() socket} itself comes before or after a message, never within one.
 *
 * @param <I> what comes in
 * @param <O> what goes out
 */
public interface MessageSocket<I, O> extends AutoCloseable {

    /**
     * The next message. {@link AsyncReader#readMessage}, with all that is said there; but a decoder that takes no byte fails it
     * with an {@link IllegalStateException}, since the same message would come for ever.
     *
     * @return the message, or null if the stream ends before the first byte of one
     */
    CompletableFuture<@Nullable I> receive();

    /**
     * Writes a message. {@link AsyncWriter#writeMessage}, with all that is said there.
     *
     * @param message what to write
     * @return done when the kernel has taken every byte; whatever the encoder throws, which ends the conversation
     */
    CompletableFuture<Void> send(O message);

    /**
     * Gives each message to a handler, one after the other. {@link AsyncLoop#forEach}, with all that is said there.
     *
     * <p><b>Back-pressure.</b> The next message is asked for when the handler's stage for the one before is done, so a slow
     * handler holds up the peer.
     *
     * <p><b>Cancellation and timeouts.</b> Reach the stage in progress. A message that has been taken by then is still given to
     * the handler, whose stage is cancelled at once; every other one stays readable.
     *
     * @param handler handles a message; a stage that is null counts as done
     * @return done at the end of the stream; the first failure, of the reading or of the handler. The socket stays open.
     */
    CompletableFuture<Void> forEach(Function<? super I, ? extends @Nullable CompletionStage<?>> handler);

    /**
     * Answers each message, several at the same time: the replies are written in the order of the messages, whichever is ready
     * first. {@code answer(handler, 1)} is {@code forEach(message -> handler.apply(message).thenCompose(this::send))}.
     *
     * <p><b>Back-pressure.</b> A message is in progress from its arrival until its reply has been written. No more than
     * {@code concurrency} are: a slow handler holds up the peer, and so does a peer that does not read its replies.
     *
     * <p><b>Failures.</b> The first one ends it at once, bare: of the reading, of a handler, of a write. The stages of all other
     * handlers are cancelled and no further reply is written, also not one that waits for its turn behind an earlier message;
     * writes that have begun go on. A message that is being taken at this moment is still given to the handler, whose stage is
     * cancelled at once. The socket stays open.
     *
     * <p><b>Threads.</b> Handlers are called one at a time: the first on the caller's thread, a later one on the thread that
     * has read its message, written a reply or completed a handler's stage.
     *
     * <p><b>Cancellation and timeouts.</b> Cancel the stages of all handlers in progress, the writes in progress and the
     * pending read, without a loss: a message that has been taken by then is still given to the handler, whose stage is
     * cancelled at once; every other one stays readable.
     *
     * @param handler gives a stage of the reply; {@link NullPointerException} if it gives no stage or that no reply
     * @param concurrency how many may be in progress at once, at least 1
     * @return done when the stream has ended and every reply is written
     * @throws IllegalArgumentException if {@code concurrency} is less than 1
     */
    CompletableFuture<Void> answer(
            Function<? super I, ? extends CompletionStage<? extends O>> handler, int concurrency);

    /**
     * The socket itself.
     *
     * @return what this is a view of
     */
    AsyncSocket socket();

    /** Closes the socket: {@link AsyncSocket#close}. */
    @Override
    void close();
}
