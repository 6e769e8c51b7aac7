package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Forwarder} between plain sockets of the JDK, and with netcat and socat. */
class ForwarderTest {
    private static final Duration AMPLE = Duration.ofSeconds(15);

    private AsyncSockets sockets;
    private AsyncServerSocket forwarder;
    private PeerServer target;

    @BeforeEach
    void open() throws IOException {
        sockets = AsyncSockets.builder().threads(2).build();
        forwarder = sockets.listen("127.0.0.1", 0);
        target = new PeerServer();
    }

    @AfterEach
    void close() {
        target.close();
        sockets.close();
    }

    private void awaitNothingOpen() {
        Await.until(
                () -> "nothing is open: " + sockets.stats(),
                () -> sockets.stats().open() == 0);
    }

    @Test
    void forward_oneSideEndsStream_otherDirectionContinues() {
        Forwarder.forward(sockets, forwarder, target.address(), AMPLE);
        try (Peer caller = Peer.connect(forwarder.localAddress());
                Peer callee = target.accept()) {
            caller.send("question").end();
            assertEquals("question", callee.textToEnd());
            byte[] answer = Seeds.bytes("forwarder", 2 << 20);
            callee.send(answer).end();
            assertArrayEquals(answer, caller.receiveAll());
        }
        awaitNothingOpen();
    }

    @Test
    void forward_idleConnection_isClosedOnBothSides() {
        Forwarder.forward(sockets, forwarder, target.address(), Duration.ofMillis(200));
        try (Peer caller = Peer.connect(forwarder.localAddress());
                Peer callee = target.accept()) {
            caller.send("one");
            assertEquals("one", callee.text(3));
            callee.awaitOver();
            caller.awaitOver();
        }
        awaitNothingOpen();
    }

    @Test
    void forward_targetRefuses_closesOnlyThatCaller() throws IOException {
        int port = target.port();
        target.close();
        Forwarder.forward(sockets, forwarder, new InetSocketAddress("127.0.0.1", port), AMPLE);
        for (int i = 0; i < 3; i++) {
            try (Peer caller = Peer.connect(forwarder.localAddress())) {
                caller.awaitOver();
            }
        }
        awaitNothingOpen();
    }

    @Test
    void forward_netcatAndSocat_getAnswersOfTarget(@TempDir Path folder) throws Exception {
        Installed.assume("socat", "nc.openbsd");
        AsyncServerSocket lines = sockets.listen("127.0.0.1", 0);
        LineServer.serve(lines);
        Forwarder.forward(sockets, forwarder, lines.localAddress(), AMPLE);
        String port = String.valueOf(forwarder.port());
        assertEquals("ONE\n1 lines\n", Installed.run(folder, "echo one | nc.openbsd -N 127.0.0.1 " + port));
        assertEquals("ONE\n1 lines\n", Installed.run(folder, "echo one | socat -t15 - TCP:127.0.0.1:" + port));
        awaitNothingOpen();
    }
}
