package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.PeerServer;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@link PortScanner} on the loopback, and its limit on pending connects. */
class PortScannerTest {

    @Test
    void scan_loopback_findsListeningPortAndLeavesNothingOpen() {
        try (AsyncSockets sockets = AsyncSockets.builder().threads(2).build()) {
            int port;
            try (PeerServer listener = new PeerServer()) {
                port = listener.port();
                int first = Math.max(1, port - 2_500);
                int last = Math.min(65_535, port + 2_500);
                assertTrue(Await.value(PortScanner.scan(sockets, "127.0.0.1", first, last))
                        .contains(port));
            }
            assertEquals(Set.of(), Await.value(PortScanner.scan(sockets, "127.0.0.1", port, port)));
            Await.until("nothing is open", () -> sockets.stats().open() == 0);
        }
    }

    @Test
    void scan_cancelled_startsNoMoreThanFiveHundredPendingConnects() {
        List<CompletableFuture<AsyncSocket>> connects = new ArrayList<>();
        AsyncSockets silent = (AsyncSockets) Proxy.newProxyInstance(
                AsyncSockets.class.getClassLoader(), new Class<?>[] {AsyncSockets.class}, (self, method, arguments) -> {
                    connects.add(new CompletableFuture<>());
                    return connects.get(connects.size() - 1);
                });
        CompletableFuture<Set<Integer>> scan = PortScanner.scan(silent, "127.0.0.1", 1, 65_535);
        assertEquals(500, connects.size());
        for (int i = 0; i < 100; i++) {
            connects.get(i).completeExceptionally(new ConnectException("refused"));
        }
        assertEquals(600, connects.size());
        assertTrue(scan.cancel(false));
        assertEquals(600, connects.size());
    }
}
