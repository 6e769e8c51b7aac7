package io.github.futuresockets.impl.stress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.SlowSource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests cancelled transfers beside coalesced replies on the same socket. */
class TransferRacesTest {
    private static final int LINES = 50_000;
    private static final int BATCH = 50;

    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void replies_transfersCancelled_keepOrder(String provider) throws Exception {
        Random random = Seeds.random("transfer races " + provider);
        try (AsyncSockets sockets =
                        AsyncSockets.builder().provider(provider).threads(1).build();
                PeerServer server = new PeerServer()) {
            CompletableFuture<AsyncSocket> connected = sockets.connect("127.0.0.1", server.port());
            try (Peer peer = server.accept()) {
                AsyncSocket socket = Await.value(connected);
                reply(socket);
                AtomicBoolean over = new AtomicBoolean();
                CompletableFuture<Integer> taking = Background.call(() -> {
                    int taken = 0;
                    while (!over.get()) {
                        SlowSource source = new SlowSource();
                        CompletableFuture<Long> transfer = socket.transferFrom(source, 10, total -> {});
                        for (int spin = random.nextInt(5_000); spin > 0; spin--) {
                            Thread.onSpinWait();
                        }
                        assertTrue(transfer.cancel(false), "nothing has left");
                        source.end();
                        taken++;
                    }
                    return taken;
                });
                CompletableFuture<Void> sending = Background.run(() -> {
                    for (int at = 0; at < LINES; at += BATCH) {
                        StringBuilder lines = new StringBuilder();
                        for (int i = at; i < at + BATCH; i++) {
                            lines.append(i).append('\n');
                        }
                        peer.send(lines.toString());
                    }
                    peer.end();
                });
                BufferedReader replies = new BufferedReader(new InputStreamReader(peer.input(), UTF_8));
                for (int i = 0; i < LINES; i++) {
                    assertEquals(Integer.toString(i), replies.readLine());
                }
                over.set(true);
                System.out.println(provider + ": " + Await.value(taking) + " transfers were taken back");
                Await.value(sending);
                socket.abort();
            }
        }
    }

    private static void reply(AsyncSocket socket) {
        socket.readLine().thenAccept(line -> {
            if (line != null) {
                socket.writeLine(line);
                reply(socket);
            }
        });
    }
}
