package io.github.futuresockets.impl.contract;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.MemoryWires;
import io.github.futuresockets.impl.support.EncryptedSockets;
import io.github.futuresockets.impl.support.TlsWires;
import io.github.futuresockets.impl.support.Wires;
import org.junit.jupiter.api.Tag;

/** The contract over TLS 1.3 over sockets that need no kernel. */
@Tag("tls")
class Tls13OverMemoryContractTest extends SocketContract {
    @Override
    AsyncSockets.Builder builder() {
        return EncryptedSockets.builder(AsyncSockets.builder().provider("memory"), "TLSv1.3");
    }

    @Override
    Wires wires() {
        return new TlsWires(new MemoryWires(), "TLSv1.3");
    }

    @Override
    boolean resets() {
        return true;
    }
}
