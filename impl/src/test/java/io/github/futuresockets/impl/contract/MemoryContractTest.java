package io.github.futuresockets.impl.contract;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.MemoryWires;
import io.github.futuresockets.impl.support.Wires;

/** The contract over sockets that need no kernel. */
class MemoryContractTest extends SocketContract {
    @Override
    AsyncSockets.Builder builder() {
        return AsyncSockets.builder().provider("memory");
    }

    @Override
    Wires wires() {
        return new MemoryWires();
    }

    @Override
    boolean resets() {
        return true;
    }
}
