package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Tests that a close of a connection loses no event of other connections on the same I/O thread. Because nothing else
 * wakes the thread, a lost event stalls a read for good.
 */
class StalledLoopTest extends ProviderTest {
    private static final Duration STALL = Duration.ofSeconds(4);
    private static final int STEADY = 7;
    private static final int ROUNDS = 1_200;

    private final AtomicInteger arrivals = new AtomicInteger();

    @Test
    void read_othersCancelledAndClosed_neverStalls() {
        long seed = Seeds.random("stalled loop").nextLong();
        try (AsyncSockets sockets = builder().threads(1).build();
                PeerServer server = new PeerServer()) {
            List<ConnectionPair> steady = new ArrayList<>();
            for (int i = 0; i < STEADY; i++) {
                steady.add(ConnectionPair.open(sockets, server));
            }
            for (int round = 0; round < ROUNDS; round++) {
                List<ConnectionPair> churned =
                        List.of(ConnectionPair.open(sockets, server), ConnectionPair.open(sockets, server));
                round("in round " + round + " with seed " + seed, new SplittableRandom(seed + round), steady, churned);
            }
            steady.forEach(ConnectionPair::close);
        }
    }

    /** Sends bytes to all connections. At the same time, another thread closes the connections in {@code churned}. */
    private void round(
            String name, SplittableRandom random, List<ConnectionPair> steady, List<ConnectionPair> churned) {
        churned.forEach(each -> churn(each.near(), random));
        List<CompletableFuture<?>> reads = new ArrayList<>();
        steady.forEach(each -> reads.add(each.near().read(ByteBuffer.allocate(8))));
        long jitter = random.nextInt(30_000);
        boolean abort = random.nextBoolean();
        int turn = arrivals.get();
        CompletableFuture<Void> closer = Background.run(() -> {
            while (arrivals.get() == turn) {
                Thread.onSpinWait();
            }
            Patience.spin(jitter);
            churned.forEach(each -> close(each.near(), abort));
        });
        churned.get(0).far().send((byte) 1);
        arrivals.incrementAndGet();
        steady.forEach(each -> each.far().send((byte) 1));
        churned.get(1).far().send((byte) 1);
        for (CompletableFuture<?> read : reads) {
            Patience.done(STALL, read, () -> name + ", a bystander's read");
        }
        Patience.done(STALL, closer, () -> "closing");
        closer.join();
        churned.forEach(each -> each.far().close());
    }

    private static void churn(AsyncSocket socket, SplittableRandom random) {
        for (int i = random.nextInt(5); i >= 0; i--) {
            CompletableFuture<?> read = ReadModels.random(random, 50).issue(socket);
            if (!read.isDone() && !read.cancel(false)) {
                throw new AssertionError("a cancel lost, but nothing was sent: " + read);
            }
        }
    }

    private static void close(AsyncSocket socket, boolean abort) {
        if (abort) {
            socket.abort();
        } else {
            socket.close();
        }
    }
}
