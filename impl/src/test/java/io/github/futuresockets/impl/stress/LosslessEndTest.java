package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests that a read cancelled at the end of the stream loses neither the bytes before the end nor the end. */
class LosslessEndTest extends ProviderTest {
    private static final int THREADS = 3;
    private static final int ROUNDS = 1_000;

    private final AtomicInteger withdrawn = new AtomicInteger();

    @Test
    void read_cancelledAtEndOfStream_losesNothing() {
        long seed = Seeds.random("lossless end").nextLong();
        try (AsyncSockets sockets = builder().build()) {
            Parallel.run(THREADS, Duration.ofSeconds(40), thread -> {
                try (PeerServer server = new PeerServer()) {
                    for (int i = 0; i < ROUNDS; i++) {
                        long round = seed + thread * 1_000_000L + i;
                        try (ConnectionPair link = ConnectionPair.open(sockets, server)) {
                            round(link, new SplittableRandom(round));
                        } catch (AssertionError e) {
                            throw new AssertionError("seed " + round + ": " + e.getMessage(), e);
                        }
                    }
                }
            });
        }
        int all = THREADS * ROUNDS;
        assertTrue(
                withdrawn.get() > all / 50 && withdrawn.get() < all - all / 50,
                "withdrawn, of " + all + ": " + withdrawn);
    }

    private void round(ConnectionPair link, SplittableRandom random) {
        byte[] sent = "abcab\nabc".substring(0, random.nextInt(10)).getBytes(StandardCharsets.US_ASCII);
        ReadModel read = read(random);
        CompletableFuture<?> root = read.issue(link.near());
        CompletableFuture<?> derived = random.nextBoolean() ? root : root.thenApply(value -> value);
        Peer peer = link.far();
        peer.send(sent).end();
        Patience.spin(random.nextInt(60_000));
        derived.cancel(false);
        Patience.done(Await.LIMIT, root, () -> read.toString());
        Throwable failure = root.handle((value, error) -> error).join();
        int taken = 0;
        if (failure == null) {
            taken = read.succeeded(root.getNow(null), sent, true);
        } else if (failure instanceof CancellationException) {
            withdrawn.incrementAndGet();
        } else {
            read.expected(sent, true).failed(failure);
        }
        ByteBuffer left = Await.value(link.near().readAll(100));
        if (failure != null && read instanceof TransferRead) {
            taken = sunk((TransferRead) read, sent, left.remaining());
        }
        assertEquals(
                ByteBuffer.wrap(sent, taken, sent.length - taken),
                left,
                read + " ended with " + root + ", and behind it is not what is left");
        assertEquals(null, Await.value(link.near().readSome(1)), "the end is sticky");
    }

    /** Returns the number of bytes in the sink. The last bytes may arrive after the end of the transfer. */
    private static int sunk(TransferRead read, byte[] sent, int left) {
        ScriptedSink sink = read.sink;
        Await.until(
                () -> "the bytes that are neither left nor in the sink: " + Expected.show(sink.taken()) + ", left "
                        + left,
                () -> sink.taken().length == sent.length - left);
        assertArrayEquals(Arrays.copyOf(sent, sent.length - left), sink.taken(), "in the sink");
        return sent.length - left;
    }

    private static ReadModel read(SplittableRandom random) {
        switch (random.nextInt(6)) {
            case 0:
                return ReadModels.all(random.nextInt(1, 12));
            case 1:
                return new TransferRead(Runnable::run);
            case 2:
                return ReadModels.readable();
            default:
                return ReadModels.random(random, 12);
        }
    }
}
