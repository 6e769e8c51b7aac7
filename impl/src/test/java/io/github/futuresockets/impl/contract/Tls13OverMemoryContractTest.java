package io.github.futuresockets.impl.contract;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.MemoryPeerTransports;
import io.github.futuresockets.impl.support.EncryptedSockets;
import io.github.futuresockets.impl.support.PeerTransports;
import io.github.futuresockets.impl.support.TlsWires;
import org.junit.jupiter.api.Tag;

/** The contract with TLS 1.3 over the provider {@code memory}. */
@Tag("tls")
class Tls13OverMemoryContractTest extends SocketContract {
    @Override
    AsyncSockets.Builder builder() {
        return EncryptedSockets.builder(AsyncSockets.builder().provider("memory"), "TLSv1.3");
    }

    @Override
    PeerTransports wires() {
        return new TlsWires(new MemoryPeerTransports(), "TLSv1.3");
    }

    @Override
    boolean resets() {
        return true;
    }
}
