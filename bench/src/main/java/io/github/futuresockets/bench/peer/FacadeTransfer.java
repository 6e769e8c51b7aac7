package io.github.futuresockets.bench.peer;

import io.github.futuresockets.AsyncSocket;

/**
 * An echo server of Future Sockets by {@code transferTo}, with each connection as its own sink. The library chooses the
 * size of the buffer.
 */
final class FacadeTransfer extends FacadePeer {
    FacadeTransfer(String provider) {
        super(provider, Protocol.ECHO);
    }

    @Override
    void converse(AsyncSocket socket, int buffer) {
        socket.transferTo(socket).whenComplete((moved, failure) -> {
            if (failure != null) {
                socket.abort();
            } else {
                socket.close();
            }
        });
    }
}
