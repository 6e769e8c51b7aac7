package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
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
 * Events of some connections must not get lost because another one is closed while its event is underway: on a single
 * I/O thread they would wait there until something else happens, and here nothing else does.
 */
class StalledLoopTest extends ProviderTest {
    private static final Duration STALL = Duration.ofSeconds(4);
    private static final int STEADY = 7;
    private static final int CHURNED = 2;
    private static final int ROUNDS = 2_500;

    @Test
    void readsThatAreCancelledAndSocketsThatAreClosedStallNobodyElse() throws Exception {
        long seed = Seeds.random("stalled loop").nextLong();
        try (AsyncSockets sockets = builder().threads(1).build();
                PeerServer server = new PeerServer()) {
            List<Link> steady = new ArrayList<>();
            for (int i = 0; i < STEADY; i++) {
                steady.add(Link.open(sockets, server));
            }
            AtomicInteger round = new AtomicInteger();
            List<Link> churned = new ArrayList<>();
            AtomicInteger arrivals = new AtomicInteger();
            // The second thread is the foreign one: it closes in the moment in which the first one makes bytes arrive.
            CompletableFuture<?> closer = CompletableFuture.completedFuture(null);
            for (; round.get() < ROUNDS; round.incrementAndGet()) {
                SplittableRandom random = new SplittableRandom(seed + round.get());
                churned.clear();
                for (int i = 0; i < CHURNED; i++) {
                    churned.add(Link.open(sockets, server));
                    churn(churned.get(i).near(), random);
                }
                List<CompletableFuture<?>> reads = new ArrayList<>();
                steady.forEach(each -> reads.add(each.near().read(ByteBuffer.allocate(8))));
                List<Link> closing = List.copyOf(churned);
                long jitter = random.nextInt(30_000);
                boolean abort = random.nextBoolean();
                int turn = arrivals.get();
                closer = CompletableFuture.runAsync(() -> {
                    while (arrivals.get() == turn) {
                        Thread.onSpinWait();
                    }
                    Patience.spin(jitter);
                    closing.forEach(each -> close(each.near(), abort));
                });
                churned.get(0).far().send((byte) 1);
                arrivals.incrementAndGet();
                steady.forEach(each -> each.far().send((byte) 1));
                churned.get(1).far().send((byte) 1);
                for (CompletableFuture<?> read : reads) {
                    Patience.done(
                            STALL, read, () -> "in round " + round + " with seed " + seed + ", a bystander's read");
                }
                Patience.done(STALL, closer, () -> "closing");
                closing.forEach(each -> each.far().close());
            }
            steady.forEach(Link::close);
        }
    }

    private static void churn(AsyncSocket socket, SplittableRandom random) {
        for (int i = random.nextInt(5); i >= 0; i--) {
            CompletableFuture<?> read = Reads.random(random, 50).issue(socket);
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
