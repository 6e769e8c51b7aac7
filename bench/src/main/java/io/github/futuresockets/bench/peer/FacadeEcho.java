package io.github.futuresockets.bench.peer;

import io.github.futuresockets.AsyncSocket;

/** An echo server of Future Sockets, composed of reads and writes like most programs. */
final class FacadeEcho extends FacadePeer {
    FacadeEcho(String provider, Protocol protocol) {
        super(provider, protocol);
    }

    @Override
    void converse(AsyncSocket socket, int buffer) {
        new EchoConversation(socket, buffer).read();
    }
}
