package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests a server with a thousand connections. Every tenth connection hangs, throws or is reset. */
class ManyHandlersTest extends AdversityBase {
    private final AtomicInteger errors = new AtomicInteger();

    @Test
    void serve_someHandlersFailOrHang_othersFinish() throws IOException {
        open(builder -> builder.onError((socket, failure) -> errors.incrementAndGet()));
        AsyncServerSocket server = sockets.listen("127.0.0.1", 0);
        server.serve(ManyHandlersTest::handle);
        List<Peer> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Peer peer = Peer.connect(server.localAddress());
            all.add(peer);
            peer.send(kind(i) + "\n");
        }
        List<Peer> hanging = new ArrayList<>();
        int finished = 0;
        for (int i = 0; i < 1_000; i++) {
            Peer peer = all.get(i);
            switch (kind(i)) {
                case "good":
                    peer.send("question\n").end();
                    assertEquals("question\n", peer.textToEnd());
                    finished++;
                    peer.close();
                    break;
                case "reset":
                    peer.reset();
                    break;
                case "hang":
                    hanging.add(peer);
                    break;
                default:
                    peer.awaitOver();
                    peer.close();
            }
        }
        assertEquals(900, finished);
        Await.until(() -> "66 errors, not " + errors, () -> errors.get() == 66);
        ShutdownReport report = Await.value(server.shutdown(Duration.ofSeconds(1)));
        assertEquals(34, report.aborted(), report.toString());
        hanging.forEach(Peer::close);
    }

    private static String kind(int i) {
        if (i % 10 != 0) {
            return "good";
        }
        return i % 30 == 0 ? "hang" : i % 30 == 10 ? "throw" : "reset";
    }

    private static CompletionStage<?> handle(AsyncSocket socket) {
        return socket.expectLine().thenCompose(kind -> {
            switch (kind) {
                case "throw":
                    throw new IllegalStateException("on purpose");
                case "hang":
                    return new CompletableFuture<Void>();
                default:
                    return AsyncLoop.forEach(socket::readLine, socket::writeLine);
            }
        });
    }
}
