package io.github.futuresockets.impl.adversity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.support.Allocation;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests peers with endless messages, and peers with announced lengths far beyond the sent bytes. */
class HostileMessagesTest extends AdversityBase {
    private static final long GIBIBYTE = 1L << 30;
    private static final int SLACK = 64 << 10;

    private final List<Thread> ioThreads = new CopyOnWriteArrayList<>();

    private ConnectionPair counted() {
        if (sockets == null) {
            open(builder -> builder.threads(1).threadFactory(task -> {
                Thread thread = new Thread(task, "counted-io");
                thread.setDaemon(true);
                ioThreads.add(thread);
                return thread;
            }));
        }
        return link();
    }

    /** Returns the number of bytes that the I/O threads and the caller allocate until the read is done. */
    private long allocatedBy(CompletableFuture<?>[] done, Supplier<CompletableFuture<?>> read) {
        long before = Allocation.soFar(ioThreads);
        done[0] = read.get();
        Await.until("the read", done[0]::isDone);
        return Allocation.soFar(ioThreads) - before;
    }

    /** Sends {@code count} equal bytes. Stops early if the other end closes the connection. */
    private static void flood(Peer peer, long count, int value) {
        byte[] some = new byte[SLACK];
        Arrays.fill(some, (byte) value);
        try {
            for (long sent = 0; sent < count; sent += some.length) {
                peer.send(some);
            }
        } catch (UncheckedIOException closed) {
            return;
        }
    }

    @Test
    void readMessage_gibibyteWithoutDelimiter_failsAtLimit() {
        for (int limit : new int[] {1_000, 65_536, 1 << 20}) {
            for (Codec<?> codec :
                    List.<Codec<?>>of(Codecs.delimited(new byte[] {'\r', '\n'}, limit), Codecs.lines(UTF_8, limit))) {
                for (int round = 0; round < 2; round++) {
                    try (ConnectionPair link = counted()) {
                        CompletableFuture<Void> flood = Background.run(() -> flood(link.far(), GIBIBYTE, '\r'));
                        CompletableFuture<?>[] read = new CompletableFuture<?>[1];
                        long allocated = allocatedBy(read, () -> link.near().readMessage(codec));
                        FrameTooLongException failure = Await.failure(FrameTooLongException.class, read[0]);
                        assertEquals(limit, failure.limit());
                        assertTrue(
                                failure.seen() >= limit && failure.seen() <= limit + SLACK, "seen: " + failure.seen());
                        assertEquals(failure.seen(), link.near().buffered(), "what was read stays readable");
                        assertTrue(link.near().isOpen());
                        assertTrue(
                                round == 0 || allocated <= 4L * limit + SLACK,
                                "allocated " + allocated + ": more than a buffer that grows by doubling");
                        link.near().abort();
                        Await.value(flood);
                    }
                }
            }
        }
    }

    @Test
    void readMessage_hugeLengthAnnounced_allocatesNothingInAdvance() {
        Codec<ByteBuffer> anyLength = Codecs.lengthPrefixed(4, ByteOrder.BIG_ENDIAN, Integer.MAX_VALUE);
        Codec<ByteBuffer> anyVarint = Codecs.varintPrefixed(Integer.MAX_VALUE);
        byte[] twoBillion = ByteBuffer.allocate(100).putInt(2_000_000_000).array();
        byte[] varint = Arrays.copyOf(new byte[] {-1, -1, -1, -1, 6}, 100);
        for (int round = 0; round < 2; round++) {
            for (boolean fixed : new boolean[] {true, false}) {
                try (ConnectionPair link = counted()) {
                    long before = Allocation.soFar(ioThreads);
                    CompletableFuture<?> read = link.near().readMessage(fixed ? anyLength : anyVarint);
                    link.far().send(fixed ? twoBillion : varint);
                    Await.until("the bytes", () -> link.near().buffered() == 100);
                    long allocated = Allocation.soFar(ioThreads) - before;
                    assertTrue(round == 0 || allocated <= SLACK, "allocated " + allocated);
                    assertTrue(read.cancel(false));
                }
            }
        }
    }

    @Test
    void readMessage_announcedLengthBeyondLimit_isRefused() {
        try (ConnectionPair link = counted()) {
            for (long length : new long[] {101, Integer.MAX_VALUE, Long.MAX_VALUE, -1}) {
                CompletableFuture<ByteBuffer> read =
                        link.near().readMessage(Codecs.lengthPrefixed(8, ByteOrder.BIG_ENDIAN, 100));
                link.far().send(ByteBuffer.allocate(8).putLong(length).array());
                FrameTooLongException failure = Await.failure(FrameTooLongException.class, read);
                assertEquals(100, failure.limit());
                assertEquals(length < 0 ? Long.MAX_VALUE : length, failure.seen());
                assertEquals(length, Await.value(link.near().readExactly(8)).getLong(), "the bytes stay");
            }
        }
    }

    @Test
    void discardUntil_manyBytes_needsNoMemory() {
        discard(64 << 20);
    }

    @Test
    @Tag("stress")
    void discardUntil_gibibyte_needsNoMemory() {
        discard(GIBIBYTE);
    }

    private void discard(long count) {
        for (byte[] delimiter : new byte[][] {{'\n'}, {'\r', '\r', '\n'}}) {
            try (ConnectionPair link = counted()) {
                CompletableFuture<Void> flood = Background.run(() -> {
                    flood(link.far(), count, '\r');
                    link.far().send("\r\r\nnext\n");
                });
                long before = Allocation.soFar(ioThreads);
                long began = System.nanoTime();
                CompletableFuture<Long> discard = link.near().discardUntil(delimiter);
                while (!discard.isDone()) {
                    assertTrue(link.near().buffered() <= 2 * SLACK);
                    Thread.onSpinWait();
                }
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                long allocated = Allocation.soFar(ioThreads) - before;
                System.out.printf(
                        "discarded %,d bytes in %d ms, allocated %,d, delimiter of %d bytes, %s%n",
                        count, took.toMillis(), allocated, delimiter.length, provider());
                assertEquals(count + 3, Await.value(discard));
                assertEquals("next", Await.value(link.near().readMessage(Codecs.lines(UTF_8, 100))));
                Await.value(flood);
            }
        }
    }
}
