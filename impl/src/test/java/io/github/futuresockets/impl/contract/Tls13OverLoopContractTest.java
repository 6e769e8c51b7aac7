package io.github.futuresockets.impl.contract;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.EncryptedSockets;
import io.github.futuresockets.impl.support.PeerTransports;
import io.github.futuresockets.impl.support.TlsWires;
import org.junit.jupiter.api.Tag;

/** The contract with TLS 1.3 over the provider {@code loop}. */
@Tag("tls")
class Tls13OverLoopContractTest extends SocketContract {
    @Override
    AsyncSockets.Builder builder() {
        return EncryptedSockets.builder(AsyncSockets.builder().provider("loop"), "TLSv1.3");
    }

    @Override
    PeerTransports wires() {
        return new TlsWires(PeerTransports.KERNEL, "TLSv1.3");
    }

    @Override
    boolean resets() {
        return true;
    }
}
