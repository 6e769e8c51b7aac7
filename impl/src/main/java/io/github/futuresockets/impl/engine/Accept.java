package io.github.futuresockets.impl.engine;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.future.OperationFuture;

/**
 * The future of an accept. The thread that takes a pending accept out of its {@link AcceptQueue} completes the future.
 */
final class Accept extends OperationFuture<AsyncSocket> {
    private final DefaultServerSocket server;

    Accept(DefaultServerSocket server) {
        super(server.engine());
        this.server = server;
    }

    /** Completes the future on the current thread, or in the user's executor. See {@link #giveHere}. */
    void give(AsyncSocket socket) {
        server.engine().complete(() -> giveHere(socket));
    }

    /** Completes the future on the current thread. If the future is done already, aborts the socket. */
    void giveHere(AsyncSocket socket) {
        if (!deliver(socket)) {
            server.engine().counters().rejected.increment();
            socket.abort();
        }
    }

    /** Fails the future on the current thread. */
    void fail(Throwable failure) {
        deliverFailure(failure);
    }

    @Override
    protected boolean withdraw() {
        return server.queue().withdraw(this);
    }

    @Override
    protected String describe() {
        return "accept on " + server.localAddress();
    }
}
