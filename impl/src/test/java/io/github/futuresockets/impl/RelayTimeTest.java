package io.github.futuresockets.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncRelay;
import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.RelayReport;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests the idle time-out of a relay, with a virtual clock. */
class RelayTimeTest {
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final MemoryNetwork network = MemoryNetwork.create();
    private final AsyncSocketPair left = network.pair();
    private AsyncSocketPair right;

    private CompletableFuture<RelayReport> relay(int capacity) {
        network.faults(FaultPlan.NONE, FaultPlan.NONE.capacity(capacity));
        right = network.pair();
        return AsyncRelay.join(left.right(), right.left(), IDLE);
    }

    private void assertIdle(CompletableFuture<RelayReport> relay) {
        network.advance(IDLE.minusNanos(1));
        assertFalse(relay.isDone());
        assertTrue(left.right().isOpen() && right.left().isOpen());
        network.advance(Duration.ofNanos(1));
        assertTrue(relay.isDone());
        SocketTimeoutException why =
                assertInstanceOf(SocketTimeoutException.class, relay.join().failure());
        assertTrue(why.getMessage().contains("PT10S"), why.toString());
        assertEquals(CloseReason.Kind.TIMED_OUT, left.right().closed().join().kind());
        assertEquals(CloseReason.Kind.TIMED_OUT, right.left().closed().join().kind());
    }

    @Test
    void relay_inWhichNothingMoves_endsAfterExactlySoLong() {
        assertIdle(relay(1024));
    }

    @Test
    void relay_bytesInOneDirectionOnly_keepBothSocketsOpen() {
        CompletableFuture<RelayReport> relay = relay(1024);
        for (int i = 0; i < 20; i++) {
            network.advance(IDLE.minusSeconds(1));
            left.left().write("hello");
            assertEquals(5, right.right().readExactly(5).join().remaining());
        }
        assertIdle(relay);
    }

    @Test
    void relay_slowReaderOfOneLargeChunk_keepsItOpen() {
        CompletableFuture<RelayReport> relay = relay(1024);
        int size = 64 << 10;
        left.left().write(new byte[size]);
        int got = 0;
        while (got < size) {
            network.advance(IDLE.minusSeconds(1));
            ByteBuffer some = right.right().readSome(1000).join();
            got += some.remaining();
            assertFalse(relay.isDone(), () -> "after some of " + size + " bytes: " + relay);
        }
        right.right().write("thanks");
        assertEquals(6, left.left().readExactly(6).join().remaining());
        assertIdle(relay);
    }

    @Test
    void relay_oneSocketWithAnIdleTimeoutOfItsOwn_tellsItsReason() {
        right = network.pair();
        right.left().idleTimeout(Duration.ofSeconds(3));
        CompletableFuture<RelayReport> relay = AsyncRelay.join(left.right(), right.left());
        network.advance(Duration.ofSeconds(3));
        left.close();
        right.right().close();
        assertInstanceOf(SocketTimeoutException.class, relay.join().failure());
        assertEquals(CloseReason.Kind.TIMED_OUT, right.left().closed().join().kind());
    }

    @Test
    void relay_thatHasEnded_leavesNoTimer() {
        CompletableFuture<RelayReport> relay = relay(1024);
        left.left().close();
        right.right().close();
        assertNull(relay.join().failure());
        CloseReason ended = left.right().closed().join();
        network.advance(IDLE.multipliedBy(3));
        assertEquals(ended, left.right().closed().join());
        assertTrue(relay.isDone());
    }
}
