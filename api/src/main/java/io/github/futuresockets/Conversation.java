package io.github.futuresockets;

import java.util.concurrent.Executor;

/** A blocking handler of accepted connections. See {@link AsyncServerSocket#serve(Conversation, Executor)}. */
@FunctionalInterface
public interface Conversation {

    /**
     * Handles a connection. May block, and may wait for futures.
     *
     * @param socket the connection. The socket is closed when the call returns, and aborted when the call throws.
     * @throws Exception ends the connection
     */
    void run(AsyncSocket socket) throws Exception;
}
