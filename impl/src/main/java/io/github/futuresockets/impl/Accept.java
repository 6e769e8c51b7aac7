package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.spi.OperationFuture;

/** One that waits for a connection. Whoever takes it out of its {@link AcceptQueue} completes it. */
final class Accept extends OperationFuture<AsyncSocket> {
    private final AcceptQueue queue;

    Accept(AcceptQueue queue) {
        super(queue.engine);
        this.queue = queue;
    }

    /** Completes it where its user wants that; a socket that nobody can get any more is closed. */
    void give(AsyncSocket socket) {
        queue.engine.complete(() -> giveHere(socket));
    }

    void giveHere(AsyncSocket socket) {
        if (!deliver(socket)) {
            queue.engine.counters().rejected.increment();
            socket.abort();
        }
    }

    void fail(Throwable failure) {
        deliverFailure(failure);
    }

    @Override
    protected boolean withdraw() {
        return queue.withdraw(this);
    }

    @Override
    protected String describe() {
        return "accept on " + queue.address();
    }
}
