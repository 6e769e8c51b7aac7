package io.github.futuresockets.bench.peer;

import io.github.futuresockets.AsyncSocket;

/**
 * An echo server of Future Sockets for lines. Between two lines, a connection has a pending read of a line and no
 * buffer of its own.
 */
final class FacadeLines extends FacadePeer {
    FacadeLines(String provider, Protocol protocol) {
        super(provider, protocol);
    }

    @Override
    void converse(AsyncSocket socket, int buffer) {
        socket.readLine().whenComplete((line, failure) -> {
            if (line == null) {
                socket.close();
            } else {
                socket.writeLine(line);
                converse(socket, buffer);
            }
        });
    }
}
