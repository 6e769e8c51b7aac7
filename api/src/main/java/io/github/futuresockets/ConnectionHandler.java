package io.github.futuresockets;

import java.util.concurrent.CompletionStage;

/** Converses with those who connect, one call for each; see {@link AsyncServerSocket#serve(ConnectionHandler)}. */
@FunctionalInterface
public interface ConnectionHandler {

    /**
     * Begins a conversation. Must not block: it runs on the I/O thread of the socket, unless the sockets have an executor.
     *
     * @param socket the connection; it is closed when the stage is done, and aborted when that fails
     * @return when the conversation is over; null is an error
     * @throws Exception ends the conversation as a failure of the stage does
     */
    CompletionStage<?> handle(AsyncSocket socket) throws Exception;
}
