package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests that an accept or a connect cancelled at its completion loses and leaks no connection. */
class LosslessAcceptTest extends ProviderTest {
    private static final int ROUNDS = 1_500;

    @Test
    void accept_cancelledOnArrival_leavesConnectionForNext() throws Exception {
        SplittableRandom random =
                new SplittableRandom(Seeds.random("lossless accept").nextLong());
        int before = descriptors();
        int withdrawn = 0;
        try (AsyncSockets sockets = builder().build();
                AsyncServerSocket listener = sockets.listen("127.0.0.1", 0)) {
            for (int round = 0; round < ROUNDS; round++) {
                CompletableFuture<AsyncSocket> accept = listener.accept();
                CompletableFuture<?> derived = random.nextBoolean() ? accept : accept.thenApply(socket -> socket);
                if (random.nextInt(10) == 0) {
                    derived.orTimeout(random.nextInt(1_000), TimeUnit.MICROSECONDS);
                }
                try (Peer peer = Peer.connect(listener.localAddress())) {
                    Patience.spin(random.nextInt(60_000));
                    derived.cancel(false);
                    Patience.done(Await.LIMIT, accept, () -> "the accept");
                    boolean lost = accept.isCompletedExceptionally();
                    withdrawn += lost ? 1 : 0;
                    AsyncSocket socket = Await.value(lost ? listener.accept() : accept);
                    assertEquals(peer.address(), socket.remoteAddress(), "in round " + round);
                    socket.close();
                }
            }
        }
        Descriptors.awaitAtMost(before);
        assertTrue(withdrawn > ROUNDS / 50 && withdrawn < ROUNDS - ROUNDS / 50, "withdrawn, of all: " + withdrawn);
    }

    @Test
    void connect_cancelledOnCompletion_leaksNoSocket() {
        SplittableRandom random =
                new SplittableRandom(Seeds.random("cancelled connect").nextLong());
        int before = descriptors();
        int withdrawn = 0;
        try (AsyncSockets sockets = builder().build();
                PeerServer server = new PeerServer()) {
            for (int round = 0; round < ROUNDS; round++) {
                CompletableFuture<AsyncSocket> connect = sockets.connect(server.address());
                CompletableFuture<?> derived =
                        random.nextBoolean() ? connect : connect.handle((socket, failure) -> socket);
                Patience.spin(random.nextInt(150_000));
                derived.cancel(false);
                Patience.done(Await.LIMIT, connect, () -> "the connect");
                if (connect.isCompletedExceptionally()) {
                    withdrawn++;
                } else {
                    AsyncSocket socket = connect.join();
                    awaitPeer(server, ((InetSocketAddress) socket.localAddress()).getPort());
                    socket.close();
                }
            }
            assertTrue(withdrawn > ROUNDS / 50 && withdrawn < ROUNDS - ROUNDS / 50, "withdrawn, of all: " + withdrawn);
        }
        Descriptors.awaitAtMost(before);
    }

    /** Accepts until the connection with the given port. Each earlier connection was withdrawn and must end. */
    private static void awaitPeer(PeerServer server, int port) {
        for (boolean found = false; !found; ) {
            try (Peer peer = server.accept()) {
                found = ((InetSocketAddress) peer.remoteAddress()).getPort() == port;
                if (!found) {
                    peer.awaitOver();
                }
            }
        }
    }
}
