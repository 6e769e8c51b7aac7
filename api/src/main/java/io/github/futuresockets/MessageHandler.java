package io.github.futuresockets;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Handles the messages of a connection, for {@link MessageSocket#handle}.
 *
 * @param <I> the type of the incoming messages
 * @param <O> the type of the replies
 */
@FunctionalInterface
public interface MessageHandler<I, O> {

    /**
     * Handles a message. Calls for a connection are sequential.
     *
     * @param message the message
     * @param replies sends replies, now or later
     * @return a stage that holds up the next message of the connection until the stage is complete, or null if the next
     *     message may be handled at once
     * @throws Exception a failure, with which the conversation ends
     */
    @Nullable CompletionStage<?> message(I message, Replies<O> replies) throws Exception;
}
