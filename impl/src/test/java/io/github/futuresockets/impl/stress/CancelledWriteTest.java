package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import java.io.BufferedInputStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests a write that is cancelled or refused while the kernel takes its last bytes. */
class CancelledWriteTest extends ProviderTest {
    @Test
    void write_cancelledAtCompletion_eitherSucceedsOrFails() throws Exception {
        cancelAtTheEnd(3_000);
    }

    @Test
    @Tag("stress")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void write_cancelledAtCompletionLongRun_eitherSucceedsOrFails() throws Exception {
        cancelAtTheEnd(Patience.scaled(40_000));
    }

    private void cancelAtTheEnd(int rounds) throws Exception {
        SplittableRandom random =
                new SplittableRandom(Seeds.random("cancelled write").nextLong());
        Records records = new Records(1);
        int won = 0;
        try (AsyncSockets sockets = builder()
                        .option(StandardSocketOptions.SO_SNDBUF, 16_384)
                        .build();
                PeerServer server = new PeerServer(16_384);
                ConnectionPair link = ConnectionPair.open(sockets, server)) {
            CompletableFuture<?> reader = Background.call(() -> {
                records.readAll(new BufferedInputStream(link.far().input(), 8_192));
                return null;
            });
            double usual = 50_000;
            for (int number = 0; number < rounds; number++) {
                ByteBuffer record = Records.make(0, number, 16_000 + random.nextInt(40_000));
                long start = System.nanoTime();
                CompletableFuture<Void> write = link.near().write(record);
                Patience.spin((long) (usual * random.nextDouble(0.5, 1.5)));
                boolean cancelled = !write.isDone() && write.cancel(false);
                if (cancelled) {
                    won++;
                    assertEquals(0, record.position(), "cancelled, so its buffer is as it was; round " + number);
                    Arrays.fill(record.array(), (byte) 0xEE);
                    usual *= 1.01;
                } else {
                    Await.value(write);
                    assertEquals(0, record.remaining(), "it succeeded, so its buffer is at its limit; round " + number);
                    usual = Math.max(1_000, Math.min(usual * 0.99, System.nanoTime() - start));
                }
            }
            Await.value(link.near().shutdownOutput());
            reader.join();
        }
        assertTrue(won > rounds / 50 && won < rounds - rounds / 50, "cancelled too early or too late: " + won);
    }

    /** A write refused for the queue limit reports the limit, even if the queue is empty a moment later. */
    @Test
    void write_refusedForQueueLimit_reportsLimit() throws Exception {
        SplittableRandom random =
                new SplittableRandom(Seeds.random("refused write").nextLong());
        int refusals = 0;
        try (AsyncSockets sockets = builder().writeQueueLimit(20_000).build();
                PeerServer server = new PeerServer()) {
            for (int round = 0; round < 400; round++) {
                try (ConnectionPair link = ConnectionPair.open(sockets, server)) {
                    CompletableFuture<?> reader =
                            Background.run(() -> link.far().awaitOver());
                    refusals += refusal(link, random) ? 1 : 0;
                    link.near().abort();
                    Patience.done(Await.LIMIT, reader, () -> "the peer");
                }
            }
        }
        assertTrue(refusals > 40, "refused only " + refusals);
    }

    private static boolean refusal(ConnectionPair link, SplittableRandom random) {
        for (int i = 0; i < 500; i++) {
            link.near().write(new byte[100_000]);
            Patience.spin(random.nextInt(30_000));
            CompletableFuture<Void> second = link.near().write(new byte[20_000]);
            if (second.isCompletedExceptionally()) {
                Throwable failure = Await.failure(second);
                assertTrue(!(failure instanceof ClosedChannelException), "nobody closed the socket: " + failure);
                return true;
            }
            Await.value(second);
        }
        return false;
    }
}
