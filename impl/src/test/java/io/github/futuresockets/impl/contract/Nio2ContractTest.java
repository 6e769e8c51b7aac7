package io.github.futuresockets.impl.contract;

import io.github.futuresockets.AsyncSockets;

/** The contract over the provider {@code nio2}, the JDK's asynchronous channels. */
class Nio2ContractTest extends SocketContract {
    @Override
    AsyncSockets.Builder builder() {
        return AsyncSockets.builder().provider("nio2");
    }
}
