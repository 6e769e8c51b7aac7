package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests writes of many threads to one socket, with and without cancels. Records arrive whole, and in order per thread.
 */
class ManyWritersTest extends ProviderTest {
    private static final int WRITERS = 64;
    private static final Duration LIMIT = Duration.ofSeconds(100);

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void write_fromManyThreads_deliversRecordsWholeAndInOrder() throws Exception {
        int each = 5_000;
        Records records = new Records(WRITERS);
        try (AsyncSockets sockets = builder().build();
                ConnectionPair link = ConnectionPair.open(sockets)) {
            CompletableFuture<?> reader = reader(link, records);
            Parallel.run(WRITERS, LIMIT, writer -> {
                CompletableFuture<?> last = null;
                for (int number = 0; number < each; number++) {
                    last = link.near().write(Records.make(writer, number, (writer + number) % 60));
                    if (number % 64 == 63) {
                        Await.value(last);
                    }
                }
                Await.value(last);
            });
            Await.value(link.near().shutdownOutput());
            reader.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        for (int writer = 0; writer < WRITERS; writer++) {
            for (int number = 0; number < each; number++) {
                assertTrue(
                        records.hasArrived(writer, number),
                        "record " + number + " of writer " + writer + " is missing");
            }
        }
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void write_cancelled_arrivesWholeOrNotAtAll() throws Exception {
        int each = 500;
        long seed = Seeds.random("cancelled writes").nextLong();
        BitSet[] written = new BitSet[WRITERS];
        AtomicIntegerArray won = new AtomicIntegerArray(WRITERS);
        Records records = new Records(WRITERS);
        try (AsyncSockets sockets = builder()
                        .option(StandardSocketOptions.SO_SNDBUF, 32_768)
                        .build();
                PeerServer server = new PeerServer(32_768);
                ConnectionPair link = ConnectionPair.open(sockets, server)) {
            CompletableFuture<?> reader = reader(link, records);
            Parallel.run(WRITERS, LIMIT, writer -> {
                written[writer] = new Cancelling(link, writer, new SplittableRandom(seed + writer)).run(each);
                won.set(writer, each - written[writer].cardinality());
            });
            Await.value(link.near().shutdownOutput());
            reader.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        int cancelled = 0;
        int arrivedAllTheSame = 0;
        for (int writer = 0; writer < WRITERS; writer++) {
            for (int number = 0; number < each; number++) {
                boolean arrived = records.hasArrived(writer, number);
                assertTrue(
                        arrived || !written[writer].get(number), number + " of " + writer + " was written, never came");
                arrivedAllTheSame += arrived && !written[writer].get(number) ? 1 : 0;
            }
            cancelled += won.get(writer);
        }
        assertTrue(cancelled > 100, "this test cancelled only " + cancelled + " writes");
        assertTrue(arrivedAllTheSame < cancelled, "no cancelled write was taken back in time");
    }

    @Test
    void recordReader_tornRecord_fails() throws Exception {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes(Arrays.copyOf(Records.make(0, 0, 40).array(), 30));
        stream.writeBytes(Records.make(1, 0, 40).array());
        Records records = new Records(2);
        AssertionError torn = assertThrows(
                AssertionError.class, () -> records.readAll(new ByteArrayInputStream(stream.toByteArray())));
        assertTrue(torn.getMessage().startsWith("torn"), torn.getMessage());
    }

    private static CompletableFuture<?> reader(ConnectionPair link, Records records) {
        return Background.call(() -> {
            records.readAll(new BufferedInputStream(link.far().input(), 65_536));
            return null;
        });
    }

    /** A writer with some cancelled writes. The buffers of cancelled writes are reused at once. */
    private static final class Cancelling {
        private static final byte SCRIBBLE = (byte) 0xEE;

        private final ConnectionPair link;
        private final int writer;
        private final SplittableRandom random;
        private final BitSet written = new BitSet();
        private final Deque<Runnable> underway = new ArrayDeque<>();

        Cancelling(ConnectionPair link, int writer, SplittableRandom random) {
            this.link = link;
            this.writer = writer;
            this.random = random;
        }

        BitSet run(int count) {
            for (int number = 0; number < count; number++) {
                write(number);
                while (underway.size() > 3) {
                    underway.remove().run();
                }
            }
            underway.forEach(Runnable::run);
            return written;
        }

        private void write(int number) {
            ByteBuffer record = Records.make(writer, number, random.nextInt(10) == 0 ? 40_000 : random.nextInt(2_000));
            CompletableFuture<Void> write = link.near().write(record);
            if (random.nextInt(3) > 0) {
                underway.add(() -> succeeded(number, write, record));
                return;
            }
            Patience.spin(random.nextInt(20_000));
            if (write.cancel(false)) {
                assertEquals(0, record.position(), "of the buffer of a cancelled write");
                Arrays.fill(record.array(), SCRIBBLE);
                underway.add(() -> untouched(record));
            } else {
                succeeded(number, write, record);
            }
        }

        private void succeeded(int number, CompletableFuture<Void> write, ByteBuffer record) {
            Await.value(write);
            assertEquals(0, record.remaining(), "left in the buffer of a successful write");
            written.set(number);
        }

        private static void untouched(ByteBuffer record) {
            assertEquals(0, record.position(), "moved after the end of its write");
            for (byte each : record.array()) {
                assertEquals(SCRIBBLE, each, "touched after the end of its write");
            }
        }
    }
}
