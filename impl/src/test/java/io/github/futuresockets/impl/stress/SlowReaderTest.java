package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.impl.connection.Batch;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.ChangedClasses;
import io.github.futuresockets.impl.support.PeerServer;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import net.bytebuddy.asm.Advice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Measures the bytes that {@code handle} keeps for peers that send much and read late. */
class SlowReaderTest {
    private static final int CONNECTIONS = 8;
    private static final int MESSAGES = 120;
    private static final int REPLY = 16 << 10;
    private static final int LARGE = 64 << 10;

    /** The most queued bytes: just below the bound of 64 KiB, and the reply to a last message. */
    private static final int MOST_QUEUED = LARGE + REPLY;

    /** The most pooled bytes of a connection: the queued chunks, the chunk of the turn, and a read buffer. */
    private static final int MOST_POOLED = 4 * LARGE;

    /** The most pooled bytes of the free buffers and of the JDK. */
    private static final int SPARE = 2 << 20;

    @ParameterizedTest
    @EnumSource
    void handle_peersReadLate_keepsBoundedMemory(Medium medium) throws Exception {
        serve(medium.name());
    }

    @Test
    void slowReader_congestionIgnored_fails() {
        ChangedClasses mutant = new ChangedClasses().with(Batch.class, "isCongested", Never.class);
        AssertionError failure =
                assertThrows(AssertionError.class, () -> mutant.run(SlowReaderTest.class, "serve", "LOOP"));
        assertTrue(failure.getMessage().contains("bytes queued"), failure.getMessage());
    }

    /** Answers peers that read late. Also called in a changed copy. */
    static void serve(String name) throws Exception {
        Medium medium = Medium.valueOf(name);
        byte[] reply = new byte[REPLY];
        Codec<Integer> codec = Codec.of((in, seen) -> in.getInt(), number -> ByteBuffer.wrap(reply));
        AtomicLong queued = new AtomicLong();
        AtomicLong pooled = new AtomicLong();
        List<ConnectionPair> links = new ArrayList<>();
        List<CompletableFuture<?>> ends = new ArrayList<>();
        medium.run(() -> {
            System.gc();
            long before = direct();
            try (AsyncSockets sockets = medium.builder()
                            .threads(1)
                            .option(StandardSocketOptions.SO_SNDBUF, REPLY)
                            .build();
                    PeerServer server = new PeerServer()) {
                for (int i = 0; i < CONNECTIONS; i++) {
                    ConnectionPair link = ConnectionPair.open(sockets, server);
                    links.add(link);
                    ends.add(link.near().messages(codec).handle((number, replies) -> {
                        replies.send(number);
                        queued.accumulateAndGet(link.near().stats().pendingWriteBytes(), Math::max);
                        return null;
                    }));
                    ends.add(Background.run(() -> link.far().send(new byte[4 * MESSAGES])));
                }
                for (ConnectionPair link : links) {
                    Await.until("a full queue", () -> link.near().stats().pendingWriteBytes() > LARGE / 2);
                    queued.accumulateAndGet(link.near().stats().pendingWriteBytes(), Math::max);
                }
                pooled.set(direct() - before);
                for (ConnectionPair link : links) {
                    ends.add(Background.call(() -> drain(link)));
                }
                // The reader of each connection ends after the last reply.
                for (int i = 2 * CONNECTIONS; i < ends.size(); i++) {
                    assertEquals((long) MESSAGES * REPLY, Await.value(ends.get(i)));
                }
                links.forEach(ConnectionPair::close);
            }
        });
        System.out.printf(
                "slow readers over %s: %d connections, at most %d KiB queued on one, %d KiB pooled on each%n",
                name, CONNECTIONS, queued.get() >> 10, pooled.get() / CONNECTIONS >> 10);
        assertTrue(queued.get() <= MOST_QUEUED, () -> queued + " bytes queued");
        assertTrue(pooled.get() <= CONNECTIONS * MOST_POOLED + SPARE, () -> pooled + " bytes pooled");
    }

    /** Reads all replies, and returns the number of their bytes. */
    private static long drain(ConnectionPair link) throws IOException {
        long count = 0;
        byte[] some = new byte[LARGE];
        while (count < (long) MESSAGES * REPLY) {
            int more = link.far().input().read(some);
            assertTrue(more > 0, "the end after " + count + " bytes");
            count += more;
        }
        return count;
    }

    /** Returns the bytes of all direct buffers of the JVM. */
    private static long direct() {
        // The module under test does not require the module of the beans.
        ModuleLayer.boot().findModule("java.management").ifPresent(SlowReaderTest.class.getModule()::addReads);
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** The mutant: the handler goes on while many bytes wait for the peer. */
    static final class Never {
        private Never() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean congested) {
            congested = false;
        }
    }
}
