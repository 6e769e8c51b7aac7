package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.Program;
import java.io.BufferedReader;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** {@link ServerLifecycle} in a separate JVM, up to its end by SIGTERM. */
class ServerLifecycleTest {
    @Test
    void shutdown_onTerminationSignal_finishesOpenRequestsAndReports() throws Exception {
        Process process = new Program(ServerLifecycle.class).start();
        try (BufferedReader said = process.inputReader()) {
            String port = said.readLine();
            assertTrue(port.matches("port \\d+"), port);
            InetSocketAddress address = new InetSocketAddress("localhost", Integer.parseInt(port.substring(5)));
            try (Peer idle = Peer.connect(address);
                    Peer talking = Peer.connect(address)) {
                idle.send("hello\n");
                assertEquals("hello\n", idle.text(6));
                talking.send("before\na message in ");
                assertEquals("before\n", talking.text(7));
                process.toHandle().destroy(); // the streams of the process stay open
                assertEquals("", idle.textToEnd());
                talking.send("two parts\n");
                assertEquals("a message in two parts\n", talking.textToEnd());
            }
            assertEquals("stopped: " + new ShutdownReport(2, 0), said.readLine());
        } finally {
            process.destroyForcibly();
        }
    }
}
