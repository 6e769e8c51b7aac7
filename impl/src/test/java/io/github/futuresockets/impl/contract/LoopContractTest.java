package io.github.futuresockets.impl.contract;

import io.github.futuresockets.AsyncSockets;

/** The contract over the provider {@code loop}, the library's event loops. */
class LoopContractTest extends SocketContract {
    @Override
    AsyncSockets.Builder builder() {
        return AsyncSockets.builder().provider("loop");
    }

    @Override
    boolean resets() {
        return true;
    }
}
