package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Measures the latency of a quiet connection beside a flood, with {@code handle} on both connections and a single I/O
 * thread. The system property {@code futuresockets.stress.scale} multiplies the number of echoes.
 */
class QuietNeighbourTest {
    private static final int ECHOES = 150;

    /** The number of the messages of the flood. */
    private static final int FLOOD = 7;

    /** A measurement. Without MEMORY, whose loop has no thread. There the thread that sends an echo would serve the flood. */
    @ParameterizedTest
    @Tag("stress")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
    void handle_neighbourFloods_servesQuietConnection(Medium medium) throws Exception {
        AtomicInteger flooded = new AtomicInteger();
        Queue<AsyncSocket> served = new ConcurrentLinkedQueue<>();
        medium.run(() -> {
            try (AsyncSockets sockets = medium.builder().threads(1).build();
                    AsyncServerSocket listener =
                            sockets.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                listener.serve(socket -> {
                    served.add(socket);
                    return socket.messages(Numbers.CODEC).handle((number, replies) -> {
                        replies.send(number);
                        if (number == FLOOD) {
                            flooded.incrementAndGet();
                        }
                        return null;
                    });
                });
                try (Peer quiet = Peer.connect(listener.localAddress());
                        Peer flood = Peer.connect(listener.localAddress())) {
                    report(medium + ", alone", echoes(quiet));
                    CompletableFuture<Void> sender = Background.run(() -> flood(flood));
                    CompletableFuture<Void> reader = Background.run(() -> flood.awaitOver());
                    Await.until("the flood", () -> flooded.get() > 100_000);
                    long[] beside = echoes(quiet);
                    report(medium + ", beside a flood", beside);
                    int before = flooded.get();
                    Await.until("more of the flood", () -> flooded.get() > before);
                    assertEquals(Patience.scaled(ECHOES), beside.length);
                    served.forEach(AsyncSocket::abort);
                    Patience.done(Await.LIMIT, sender, () -> "the flood");
                    Patience.done(Await.LIMIT, reader, () -> "the reader of the flood");
                }
            }
        });
        assertTrue(flooded.get() > 100_000, () -> "flooded by " + flooded);
    }

    /** Sends messages as fast as possible, until the connection ends. */
    private static void flood(Peer peer) {
        ByteBuffer block = ByteBuffer.allocate(32 << 10);
        while (block.hasRemaining()) {
            block.putInt(FLOOD);
        }
        try {
            while (true) {
                peer.send(block.array());
            }
        } catch (UncheckedIOException ended) {
            return;
        }
    }

    /** Returns the latencies of echoes, in order of their length, in nanoseconds. */
    private static long[] echoes(Peer peer) {
        long[] latencies = new long[Patience.scaled(ECHOES)];
        for (int i = 0; i < latencies.length; i++) {
            byte[] message = ByteBuffer.allocate(Integer.BYTES).putInt(i << 8).array();
            long start = System.nanoTime();
            peer.send(message);
            assertTrue(Arrays.equals(message, peer.receive(Integer.BYTES)), "another reply than echo " + i);
            latencies[i] = System.nanoTime() - start;
            LockSupport.parkNanos(200_000);
        }
        Arrays.sort(latencies);
        return latencies;
    }

    private static void report(String what, long[] sorted) {
        System.out.printf(
                "quiet connection over %s: p50 %d us, p99 %d us, max %d us of %d echoes%n",
                what,
                sorted[sorted.length / 2] / 1_000,
                sorted[sorted.length * 99 / 100] / 1_000,
                sorted[sorted.length - 1] / 1_000,
                sorted.length);
    }
}
