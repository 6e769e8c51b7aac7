package io.github.futuresockets.impl.view;

import io.github.futuresockets.MessageHandler;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.compose.StageLoop;
import io.github.futuresockets.impl.operation.MessageChannel;
import io.github.futuresockets.impl.operation.MessageFeed;
import io.github.futuresockets.impl.operation.ReplyBatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The future of {@code handle} and {@code forEach}. Passes the messages of a {@link MessageFeed} to a handler, one after
 * the other, and waits for the stage of each message.
 *
 * @param <I> the type of the messages
 */
final class HandlerLoop<I> extends StageLoop implements MessageFeed.Sink<I> {
    /*
     * The driver of the loop is the thread within a call of the feed, and later the thread that completes the awaited
     * stage. While the loop waits, the feed is paused. So there is a single driver at a time.
     */
    /** Handles a message. A null stage counts as complete. */
    interface Handler<I> {
        @Nullable CompletionStage<?> handle(I message) throws Exception;
    }

    private final String name;
    private final Handler<? super I> handler;
    private final MessageFeed<I> feed;
    private final @Nullable ReplyBatch<?> replies;

    private HandlerLoop(
            MessageChannel channel,
            Decoder<? extends I> decoder,
            Function<? super I, ? extends CompletionStage<?>> handler) {
        super(channel.connection().context());
        this.name = "forEach";
        this.replies = null;
        this.handler = handler::apply;
        this.feed = channel.feed(decoder, name, this);
    }

    private <O> HandlerLoop(
            MessageChannel channel,
            Decoder<? extends I> decoder,
            MessageHandler<? super I, O> handler,
            Encoder<? super O> encoder) {
        super(channel.connection().context());
        ReplyBatch<O> batch = channel.replies(encoder, this::replyFailed);
        this.name = "handle";
        this.replies = batch;
        this.handler = message -> handler.message(message, batch);
        this.feed = channel.feed(decoder, name, this);
    }

    /** Begins to pass the messages of a connection to a handler without replies. */
    static <I> CompletableFuture<Void> forEach(
            MessageChannel channel,
            Decoder<? extends I> decoder,
            Function<? super I, ? extends CompletionStage<?>> handler) {
        return begun(new HandlerLoop<>(channel, decoder, handler));
    }

    /** Begins to pass the messages of a connection to a handler, and to send the replies. */
    static <I, O> CompletableFuture<Void> handle(
            MessageChannel channel,
            Decoder<? extends I> decoder,
            MessageHandler<? super I, O> handler,
            Encoder<? super O> encoder) {
        return begun(new HandlerLoop<I>(channel, decoder, handler, encoder));
    }

    private static CompletableFuture<Void> begun(HandlerLoop<?> loop) {
        loop.feed.begin();
        return loop;
    }

    @Override
    public boolean isReady() {
        return replies == null || !replies.isCongested() || isRelieved(replies);
    }

    /** Returns true if the peer has read meanwhile. A failure counts, because the next read tells the failure. */
    private boolean isRelieved(ReplyBatch<?> congested) {
        try {
            return follow(congested.writable()) != PENDING;
        } catch (Throwable e) {
            return true;
        }
    }

    @Override
    public boolean message(I message) throws Throwable {
        if (replies != null) {
            replies.turn();
        }
        CompletionStage<?> stage = handler.handle(message);
        return (stage == null || follow(stage) != PENDING) && (replies == null || replies.isBelowLimit() || isReady());
    }

    @Override
    public void turned() {
        if (replies != null) {
            replies.turned();
        }
    }

    @Override
    protected void goOn(@Nullable Object value) {
        feed.resume();
    }

    @Override
    protected void stop(Throwable failed) {
        feed.end(failed);
        feed.resume();
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        if (failure == null && replies != null) {
            replies.whenSent(() -> end(null));
        } else {
            end(failure);
        }
    }

    /** Ends the loop after the failure of a reply. Any thread. */
    private void replyFailed(Throwable failure) {
        feed.end(failure);
    }

    @Override
    protected boolean withdraw() {
        boolean withdrawn = super.withdraw();
        feed.stop();
        return withdrawn;
    }

    @Override
    protected String describe() {
        return describe(name + " of " + feed.peer());
    }
}
