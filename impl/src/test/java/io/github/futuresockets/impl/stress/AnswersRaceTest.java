package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Heap;
import io.github.futuresockets.impl.support.Seeds;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests answer loops with cancels and restarts at any moment, and loops over millions of messages. */
class AnswersRaceTest extends ProviderTest {
    private static final int MESSAGES = 15_000;

    @Test
    void answer_cancelledRepeatedly_handlesEachMessageOnce() throws Exception {
        SplittableRandom random =
                new SplittableRandom(Seeds.random("answers cancelled").nextLong());
        ConcurrentSkipListSet<Integer> handled = new ConcurrentSkipListSet<>();
        AtomicInteger twice = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        int cancels = 0;
        try (AsyncSockets sockets = builder().build();
                ConnectionPair link = ConnectionPair.open(sockets)) {
            CompletableFuture<?> sent = Background.run(() -> send(link, MESSAGES, random.split()));
            CompletableFuture<?> drained = Background.run(() -> link.far().awaitOver());
            MessageSocket<Integer, Integer> messages = link.near().messages(Numbers.CODEC);
            boolean over = false;
            while (!over) {
                int width = 1 + random.nextInt(4);
                CompletableFuture<Void> answered = messages.answer(
                        number -> {
                            if (!handled.add(number)) {
                                twice.incrementAndGet();
                            }
                            return number % 3 == 0
                                    ? CompletableFuture.completedFuture(number)
                                    : CompletableFuture.supplyAsync(() -> number, pool);
                        },
                        width);
                Patience.spin(random.nextInt(100_000));
                answered.cancel(false);
                Patience.done(Await.LIMIT, answered, () -> "the answer");
                Throwable failure = Await.failure(answered.handle((end, failed) -> failed)
                        .thenCompose(failed -> failed == null
                                ? CompletableFuture.failedFuture(new EndReached())
                                : CompletableFuture.failedFuture(failed)));
                over = failure instanceof EndReached;
                cancels += failure instanceof CancellationException ? 1 : 0;
                // No other failure is allowed. After a cancel has returned, the next answer loop may start to read.
                assertTrue(over || failure instanceof CancellationException, failure::toString);
            }
            Patience.until(Await.LIMIT, () -> handled.size() == MESSAGES, () -> handled.size() + " handled");
            assertEquals(0, twice.get(), "handled twice");
            link.near().abort();
            Patience.done(Await.LIMIT, sent, () -> "the sender");
            Patience.done(Await.LIMIT, drained, () -> "the peer");
        } finally {
            pool.shutdown();
        }
        System.out.println("answers cancelled: " + cancels + " cancels among " + MESSAGES + " messages");
        assertTrue(cancels > 50, "cancelled only " + cancels + " times");
    }

    private static final class EndReached extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static void send(ConnectionPair link, int count, SplittableRandom random) {
        for (int next = 0; next < count; ) {
            ByteBuffer some = ByteBuffer.allocate(4 * Math.min(count - next, 1 + random.nextInt(20)));
            while (some.hasRemaining()) {
                some.putInt(next++);
            }
            link.far().send(some.array());
            Patience.spin(random.nextInt(20_000));
        }
        link.far().end();
    }

    @Test
    @Tag("stress")
    @Timeout(1_800)
    void forEach_tenMillionMessages_needsNoMemory() {
        int count = Patience.scaled(10_000_000);
        AtomicInteger seen = new AtomicInteger();
        AtomicLong most = new AtomicLong();
        try (AsyncSockets sockets = builder().build();
                ConnectionPair link = ConnectionPair.open(sockets)) {
            CompletableFuture<Void> sent = Background.run(() -> {
                byte[] thousand = new byte[4_000];
                for (int i = 0; i < count / 1_000; i++) {
                    link.far().send(thousand);
                }
                link.far().end();
            });
            long before = Heap.used();
            CompletableFuture<Void> each = link.near().messages(Numbers.CODEC).forEach(number -> {
                if (seen.incrementAndGet() % 1_000_000 == 0) {
                    most.accumulateAndGet(Heap.used(), Math::max);
                }
                return null;
            });
            each.join();
            sent.join();
            System.out.println("messages in a loop: " + count + ", at most " + (most.get() - before) / 1_024
                    + " KiB more than before");
            assertEquals(count, seen.get());
            assertTrue(most.get() - before < 8 << 20, "kept " + (most.get() - before));
        }
    }
}
