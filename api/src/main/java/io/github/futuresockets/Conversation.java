package io.github.futuresockets;

import java.util.concurrent.Executor;

/** A conversation written in blocking style; see {@link AsyncServerSocket#serve(Conversation, Executor)}. */
@FunctionalInterface
public interface Conversation {

    /**
     * Holds a conversation. May block, and may wait for futures.
     *
     * @param socket the connection; it is closed when this returns, and aborted when it throws
     * @throws Exception ends the conversation
     */
    void run(AsyncSocket socket) throws Exception;
}
