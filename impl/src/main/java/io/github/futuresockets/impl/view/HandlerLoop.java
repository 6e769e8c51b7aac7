package io.github.futuresockets.impl.view;

import io.github.futuresockets.MessageHandler;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.compose.StageLoop;
import io.github.futuresockets.impl.operation.MessageChannel;
import io.github.futuresockets.impl.operation.MessageFeed;
import io.github.futuresockets.impl.operation.ReplyBatch;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The future of {@code handle} and {@code forEach}. Passes the messages of a {@link MessageFeed} to a handler, one after
 * the other, and waits for the stage of each message.
 *
 * @param <I> the type of the messages
 * @param <O> the type of the replies
 */
final class HandlerLoop<I, O> extends StageLoop implements MessageFeed.Sink<I> {
    /*
     * The driver of the loop is the thread within a call of the feed, and later the thread that completes the awaited
     * stage. While the loop waits, the feed is paused. So there is a single driver at a time.
     *
     * Because the compiler of the JVM inlines a limited number of nested calls, `message` calls the user's handler
     * without a call in between. A message and its reply then need no wrapper objects on the heap.
     */
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final String name;
    private final MessageHandler<? super I, O> handler;
    private final MessageFeed<I> feed;
    private final ReplyBatch<O> replies;

    /** True if no message is handled while too many bytes wait for the peer. */
    private final boolean replying;

    // the driver's
    /** True if the awaited stage is room for replies, and not a stage of the handler. */
    private boolean waitsForRoom;

    private HandlerLoop(
            MessageChannel channel,
            String name,
            boolean replying,
            Decoder<? extends I> decoder,
            MessageHandler<? super I, O> handler,
            Encoder<? super O> encoder) {
        super(channel.connection().context());
        this.name = name;
        this.replying = replying;
        this.handler = handler;
        this.feed = channel.feed(decoder, name, this);
        this.replies = channel.replies(encoder, feed::end);
    }

    /** Begins to pass the messages of a connection to a handler without replies. */
    static <I> CompletableFuture<Void> forEach(
            MessageChannel channel,
            Decoder<? extends I> decoder,
            Function<? super I, ? extends CompletionStage<?>> handler) {
        return begun(new HandlerLoop<I, Void>(
                channel, "forEach", false, decoder, (message, none) -> handler.apply(message), none -> EMPTY));
    }

    /** Begins to pass the messages of a connection to a handler, and to send the replies. */
    static <I, O> CompletableFuture<Void> handle(
            MessageChannel channel,
            Decoder<? extends I> decoder,
            MessageHandler<? super I, O> handler,
            Encoder<? super O> encoder) {
        return begun(new HandlerLoop<>(channel, "handle", true, decoder, handler, encoder));
    }

    private static CompletableFuture<Void> begun(HandlerLoop<?, ?> loop) {
        loop.feed.begin();
        return loop;
    }

    @Override
    public boolean isReady() {
        return !replying || !replies.isCongested() || isRelieved();
    }

    /** Returns true if the peer has read meanwhile. A failure counts, because the next read tells the failure. */
    private boolean isRelieved() {
        waitsForRoom = true;
        try {
            return follow(replies.writable()) != PENDING;
        } catch (Throwable e) {
            return true;
        }
    }

    @Override
    public boolean message(I message) throws Throwable {
        replies.turn();
        waitsForRoom = false;
        CompletionStage<?> stage = handler.message(message, replies);
        return (stage == null || follow(stage) != PENDING) && (replies.isBelowHighWater() || isReady());
    }

    @Override
    public void turned() {
        replies.turned();
    }

    @Override
    protected void goOn(@Nullable Object value) {
        // After a cancel, a stage that completes regardless must not lead to a further message.
        if (!isStopped()) {
            feed.resume();
        }
    }

    @Override
    protected void stop(Throwable failed) {
        // Without room to wait for, because the output has ended, the next read or reply tells a failure.
        if (!waitsForRoom) {
            feed.end(failed);
        }
        feed.resume();
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        if (failure == null) {
            replies.whenSent(this::end);
        } else {
            end(failure);
        }
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
