package io.github.futuresockets.impl.contract;

import io.github.futuresockets.AsyncSockets;

/** The contract over the JDK's own channels. */
class Nio2ContractTest extends SocketContract {
    @Override
    AsyncSockets.Builder builder() {
        return AsyncSockets.builder().provider("nio2");
    }
}
