package io.github.futuresockets.impl.memory;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Tests addresses in memory. */
class MemoryPortsTest {
    @Test
    void free_silencedAddress_isNotGivenAgain() throws BindException {
        MemoryPorts ports = new MemoryPorts();
        InetAddress host = InetAddress.getLoopbackAddress();
        InetSocketAddress silent = ports.free(host);
        ports.silence(silent);
        for (int i = 0; i < 40_000; i++) {
            assertNotEquals(silent, ports.free(host));
        }
    }

    @Test
    void free_allPortsTaken_fails() throws BindException {
        MemoryPorts ports = new MemoryPorts();
        InetAddress host = InetAddress.getLoopbackAddress();
        for (int port = 49_152; port <= 65_535; port++) {
            ports.silence(ports.free(host));
        }
        BindException failure = assertThrows(BindException.class, () -> ports.free(host));
        assertTrue(failure.getMessage().contains(host.toString()), failure.getMessage());
    }
}
