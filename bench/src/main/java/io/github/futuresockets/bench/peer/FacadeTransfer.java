package io.github.futuresockets.bench.peer;

import io.github.futuresockets.AsyncSocket;

/** The echo left to the library: the connection is its own sink. The size of the buffer is the library's choice. */
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
