package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.ConnectionStats;
import io.github.futuresockets.SocketStats;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** {@code SocketStats} of a socket, and {@code ConnectionStats} of all sockets. */
abstract class StatsContract extends ContractTest {

    @Test
    void socketStats_countBytesAndOperations() {
        converse();
        assertEquals(SocketStats.NONE, socket.stats());
        peer.send("hello\nworld");
        assertEquals("hello", Await.value(socket.readLine()));
        Await.value(socket.readExactly(5));
        Await.value(socket.write("four"));
        Await.value(socket.write(ByteBuffer.allocate(3), ByteBuffer.allocate(2)));
        assertEquals("four", peer.text(4));
        assertEquals(new SocketStats(11, 9, 2, 2, 0), socket.stats());
        socket.abort();
        Await.value(socket.closed());
        assertEquals(new SocketStats(11, 9, 2, 2, 0), socket.stats(), "still known after close");
    }

    @Test
    void socketStats_unreadBytes_countAsReceived() {
        converse();
        peer.send("dropped").end();
        socket.close();
        Await.value(socket.closed());
        assertEquals(7, socket.stats().bytesIn());
        assertEquals(0, socket.stats().reads());
    }

    @Test
    void socketStats_waitingWrites_countAsPending() {
        converseNarrowly();
        byte[] much = megabytes(4);
        CompletableFuture<Void> written = socket.write(much);
        SocketStats now = socket.stats();
        assertTrue(now.pendingWriteBytes() > 0, now.toString());
        assertEquals(much.length, now.bytesOut() + now.pendingWriteBytes(), 1 << 20, "as far as the loop is");
        peer.receive(much.length);
        Await.value(written);
        assertEquals(new SocketStats(0, much.length, 0, 1, 0), socket.stats());
    }

    @Test
    void connectionStats_ofAllSockets_countOutcomes() throws IOException {
        open(builder -> builder.onError((failed, why) -> {}));
        AsyncServerSocket server = listen();
        server.serve(each -> AsyncLoop.forEach(each::readLine, each::writeLine));
        for (int i = 0; i < 3; i++) {
            try (Peer each = Peer.connect(server.localAddress())) {
                assertEquals("abc\n", each.send("abc\n").text(4));
            }
        }
        connect(0);
        Await.value(socket.write("12"));
        Await.until("three ends", () -> sockets.stats().open() == 1);
        ConnectionStats all = sockets.stats();
        assertEquals(new ConnectionStats(1, 3, 0, 1, 0, all.traffic()), all);
        assertEquals(12, all.traffic().bytesIn());
        assertEquals(14, all.traffic().bytesOut());
        assertEquals(4, all.traffic().writes());
        sockets.close();
        ConnectionStats last = sockets.stats();
        assertEquals(new ConnectionStats(1, 3, 0, 0, 0, all.traffic()), last, "still known after close");
    }

    @Test
    void connectionStats_atClosed_doNotCountSocketAsOpen() {
        converse();
        CompletableFuture<Long> open =
                socket.closed().thenApply(end -> sockets.stats().open());
        socket.abort();
        assertEquals(0, Await.value(open));
    }

    @Test
    void connectionStats_executorRefuses_countAsRejected() throws IOException {
        open(builder -> builder.onError((failed, why) -> {}));
        AsyncServerSocket server = listen();
        server.serve(each -> {}, task -> {
            throw new RejectedExecutionException("on purpose");
        });
        closing(Peer.connect(server.localAddress())).awaitOver();
        Await.until("a rejected one", () -> sockets.stats().rejected() == 1);
        assertEquals(1, sockets.stats().accepted());
    }
}
