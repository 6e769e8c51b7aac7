package io.github.futuresockets.impl.contract;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.MemoryPeerTransports;
import io.github.futuresockets.impl.support.PeerTransports;

/** The contract over the provider {@code memory}, sockets without a kernel. */
class MemoryContractTest extends SocketContract {
    @Override
    AsyncSockets.Builder builder() {
        return AsyncSockets.builder().provider("memory");
    }

    @Override
    PeerTransports wires() {
        return new MemoryPeerTransports();
    }

    @Override
    boolean resets() {
        return true;
    }
}
