package io.github.futuresockets;

import java.util.concurrent.CompletionStage;

/** Handles accepted connections, with a call for each. See {@link AsyncServerSocket#serve(ConnectionHandler)}. */
@FunctionalInterface
public interface ConnectionHandler {

    /**
     * Begins to handle a connection. Must not block, because the call runs on the I/O thread of the socket, unless the
     * {@link AsyncSockets} have an executor.
     *
     * @param socket the connection. The socket is closed when the returned stage succeeds, and aborted when the stage
     *     fails.
     * @return a stage that completes when the connection has been handled. A null result is an error.
     * @throws Exception ends the connection as a failure of the stage does
     */
    CompletionStage<?> handle(AsyncSocket socket) throws Exception;
}
