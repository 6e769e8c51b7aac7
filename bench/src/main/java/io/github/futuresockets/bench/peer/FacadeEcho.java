package io.github.futuresockets.bench.peer;

import io.github.futuresockets.AsyncSocket;

/** The echo composed of a read and a write, as most programs are. */
final class FacadeEcho extends FacadePeer {
    FacadeEcho(String provider, Protocol protocol) {
        super(provider, protocol);
    }

    @Override
    void converse(AsyncSocket socket, int buffer) {
        new EchoConversation(socket, buffer).read();
    }
}
