package io.github.futuresockets.impl.memory;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Tests addresses in memory. */
class MemoryPortsTest {
    @Test
    void free_silencedAddress_isNotGivenAgain() {
        MemoryPorts ports = new MemoryPorts();
        InetAddress host = InetAddress.getLoopbackAddress();
        InetSocketAddress silent = ports.free(host);
        ports.silence(silent);
        for (int i = 0; i < 40_000; i++) {
            assertNotEquals(silent, ports.free(host));
        }
    }
}
