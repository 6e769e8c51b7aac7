package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.TestAccess;
import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.stress.Counters;
import io.github.futuresockets.impl.stress.Parallel;
import io.github.futuresockets.impl.stress.Patience;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tests the end of connections. No descriptor, thread, timer, future or memory is left. */
class LeavesNothingTest extends AdversityBase {
    private static final int THREADS = 4;
    private static final int EACH = 500;

    @Test
    void connections_endedInAllWays_leaveNothing() {
        open(builder -> builder.readTimeout(Duration.ofHours(1)).writeTimeout(Duration.ofHours(1)));
        link().close();
        long seed = Seeds.random("leaves nothing").nextLong();
        Set<Thread> threadsBefore = ours();
        int descriptorsBefore = Descriptors.count();
        Counters tally = new Counters();
        Queue<WeakReference<Object>> all = new ConcurrentLinkedQueue<>();
        Parallel.run(THREADS, Duration.ofSeconds(40), thread -> {
            SplittableRandom random = new SplittableRandom(seed + thread);
            try (PeerServer server = new PeerServer()) {
                for (int i = 0; i < EACH; i++) {
                    ConnectionPair link = ConnectionPair.open(sockets, server);
                    all.add(new WeakReference<>(TestAccess.inside(link.near())));
                    liveAndDie(link, random, tally);
                }
            }
        });
        tally.balance(Await.LIMIT);
        Descriptors.awaitAtMost(descriptorsBefore);
        assertEquals(THREADS * EACH, all.size());
        awaitForgotten(all);
        Set<Thread> left = ours();
        left.removeAll(threadsBefore);
        assertTrue(left.isEmpty(), "threads of one connection: " + left);
    }

    /** A pending time-out must not retain the socket until the deadline. */
    @Test
    void timers_ofClosedSocket_retainNothing() {
        open(builder -> builder.readTimeout(Duration.ofHours(1))
                .writeTimeout(Duration.ofHours(1))
                .closeTimeout(Duration.ofHours(1)));
        List<WeakReference<Object>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            timed(i, all);
        }
        awaitForgotten(all);
    }

    /** Checks the leak check. A socket that is still reachable is detected. */
    @Test
    void leakCheck_heldSocket_isDetected() {
        try (ConnectionPair link = link()) {
            List<WeakReference<Object>> held = List.of(new WeakReference<>(TestAccess.inside(link.near())));
            System.gc();
            assertEquals(1, remembered(held));
            Reference.reachabilityFence(link);
        }
    }

    private void timed(int turn, List<WeakReference<Object>> all) {
        try (ConnectionPair link = link()) {
            AsyncSocket socket = link.near();
            List<CompletableFuture<?>> futures = List.of(
                    socket.readLine().orTimeout(1, TimeUnit.HOURS),
                    socket.readable().orTimeout(1, TimeUnit.HOURS),
                    socket.closed().orTimeout(1, TimeUnit.HOURS),
                    socket.write(new byte[100]).completeOnTimeout(null, 1, TimeUnit.HOURS),
                    socket.closed().thenApply(reason -> reason).orTimeout(1, TimeUnit.HOURS));
            if (turn % 2 == 0) {
                socket.close();
            }
            link.far().close();
            if (turn % 2 == 1) {
                socket.close();
            }
            Await.value(socket.closed());
            futures.forEach(each -> all.add(new WeakReference<>(each)));
            all.add(new WeakReference<>(socket));
            all.add(new WeakReference<>(TestAccess.inside(socket)));
        }
    }

    private static void liveAndDie(ConnectionPair link, SplittableRandom random, Counters tally) {
        AsyncSocket near = link.near();
        switch (random.nextInt(4)) {
            case 0:
                tally.started("readLine", near.readLine());
                break;
            case 1:
                tally.started("read in time", near.read(ByteBuffer.allocate(10)))
                        .orTimeout(1, TimeUnit.HOURS);
                break;
            default:
        }
        if (random.nextBoolean()) {
            tally.started("write", near.write(new byte[random.nextInt(1, 50_000)]));
        }
        if (random.nextBoolean()) {
            link.far().send(new byte[random.nextInt(1, 1_000)]);
        }
        if (random.nextInt(4) == 0) {
            tally.started("readable", near.readable());
        }
        switch (random.nextInt(6)) {
            case 0:
                near.close();
                link.far().close();
                break;
            case 1:
                link.far().close();
                near.close();
                break;
            case 2:
                link.far().reset();
                near.close();
                break;
            case 3:
                near.close();
                link.far().reset();
                break;
            case 4:
                near.shutdownOutput();
                link.far().close();
                near.abort();
                break;
            default:
                near.abort();
                link.far().close();
        }
        tally.started("closed", near.closed());
    }

    private static void awaitForgotten(Iterable<WeakReference<Object>> all) {
        Patience.until(
                Duration.ofSeconds(20),
                () -> {
                    System.gc();
                    return remembered(all) == 0;
                },
                () -> remembered(all) + " closed sockets are still held by somebody");
    }

    private static int remembered(Iterable<WeakReference<Object>> all) {
        int count = 0;
        for (WeakReference<Object> each : all) {
            count += each.get() != null ? 1 : 0;
        }
        return count;
    }

    /** Returns the live threads, except the threads of the tests and of the JDK. */
    private static Set<Thread> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> !each.getName().startsWith("parallel-"))
                .filter(each -> !each.getName().startsWith("ForkJoinPool"))
                .filter(each -> !each.getName().startsWith("CompletableFutureDelayScheduler"))
                .filter(each -> !each.getName().startsWith("junit"))
                .collect(Collectors.toSet());
    }
}
