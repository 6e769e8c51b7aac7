package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests the time limit of an orderly close, in virtual time. */
class CloseDeadlineTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration NEARLY = LIMIT.minusNanos(1);
    private static final Duration MOMENT = Duration.ofNanos(1);

    private final MemoryNetwork network = MemoryNetwork.create(with -> with.closeTimeout(LIMIT));
    private AsyncSocket closing;
    private AsyncSocket reader;

    private void pair(int capacity) {
        network.faults(FaultPlan.NONE, FaultPlan.NONE.capacity(capacity));
        AsyncSocketPair pair = network.pair();
        closing = pair.left();
        reader = pair.right();
    }

    private void assertLateAfter(Duration nearly) {
        network.advance(nearly);
        assertFalse(closing.closed().isDone());
        network.advance(MOMENT);
        assertEquals(CloseReason.Kind.TIMED_OUT, closing.closed().join().kind());
    }

    @Test
    void closeTimeout_countsFromTheLastByteThatLeft() {
        pair(4_000);
        int size = 40_000;
        closing.write(new byte[size]);
        closing.close();
        for (int got = 0; got < size; got += 4_000) {
            network.advance(NEARLY);
            assertEquals(4_000, reader.readExactly(4_000).join().remaining());
        }
        assertNull(reader.readSome(1).join());
        assertLateAfter(Duration.ZERO);
    }

    @Test
    void closeTimeout_readerThatStops_endsAfterExactlySoLong() {
        pair(4_000);
        CompletableFuture<Void> write = closing.write(new byte[40_000]);
        network.advance(LIMIT);
        closing.close();
        network.advance(Duration.ofSeconds(4));
        reader.readExactly(1_000).join();
        assertLateAfter(NEARLY);
        assertTrue(write.isCompletedExceptionally());
    }

    @Test
    void closeTimeout_verySlowReader_endsAtOverallLimit() {
        pair(4_000);
        closing.write(new byte[40_000]);
        closing.close();
        for (int seconds = 4; seconds < 60; seconds += 4) {
            network.advance(Duration.ofSeconds(4));
            reader.readExactly(10).join();
        }
        assertLateAfter(Duration.ofSeconds(4).minus(MOMENT));
    }

    @Test
    void closeTimeout_peerSends_isNotExtended() {
        pair(4_000);
        closing.close();
        network.advance(Duration.ofSeconds(3));
        reader.write("still here");
        assertLateAfter(Duration.ofSeconds(2).minus(MOMENT));
    }

    @Test
    void closeTimeout_everyByteSent_peerReceivesAllAndEnd() {
        pair(100_000);
        closing.write(new byte[40_000]);
        closing.close();
        assertLateAfter(NEARLY);
        assertEquals(40_000, reader.readAll(100_000).join().remaining());
        assertNull(reader.readSome(1).join());
    }

    @Test
    void closeTimeout_bytesWait_thePeerGetsAReset() {
        pair(4_000);
        closing.write(new byte[40_000]);
        closing.close();
        assertLateAfter(NEARLY);
        assertEquals(4_000, reader.readExactly(4_000).join().remaining());
        CompletableFuture<ByteBuffer> rest = reader.readSome(1);
        assertTrue(rest.isCompletedExceptionally());
        assertEquals(
                IOException.class,
                rest.handle((none, why) -> (Object) why.getClass()).join());
    }
}
