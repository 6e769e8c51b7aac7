package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.operation.Reads;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Tests the steps of the read side, over a transport that the test drives. */
class ReadSideTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final ScriptedHost host = ScriptedHost.make(LIMIT, Duration.ZERO, Duration.ZERO, 1 << 20, null);
    private final ScriptedTransport transport = host.transport;

    /** A read whose bytes belong to another thread until the test says so. */
    private static final class Elsewhere extends TextRead {
        private boolean handed;

        Elsewhere(ReadSide side, int length) {
            super(side, length);
        }

        @Override
        protected boolean runsUserCode() {
            return true;
        }

        @Override
        protected boolean worksElsewhere(ByteBuffer in) {
            boolean first = !handed;
            handed = true;
            return first && in.hasRemaining();
        }
    }

    /** A read whose decoder waits for readability within each attempt, as the decoder of a user may. */
    private static class Curious extends TextRead {
        private int attempts;

        Curious(ReadSide side, int length) {
            super(side, length);
        }

        @Override
        protected boolean runsUserCode() {
            return true;
        }

        @Override
        protected Object take(ByteBuffer in, int seen, boolean ended) {
            if (seen < in.remaining()) {
                assertTrue(++attempts < 10, "the decoder is asked again and again");
                side.readable();
            }
            return super.take(in, seen, ended);
        }
    }

    private Read<String> read(int length) {
        return host.reads().start(new TextRead(host.reads(), length));
    }

    private static Throwable failure(CompletableFuture<?> future) {
        assertTrue(future.isCompletedExceptionally());
        try {
            future.join();
            throw new AssertionError("no failure");
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    @Test
    void start_bytesHaveArrived_completesWithinCall() {
        transport.arrive("ab");
        assertEquals("ab", read(2).join());
        assertEquals(0, transport.readRequests);
        assertEquals(List.of(2), transport.reads);
    }

    @Test
    void start_nothingHasArrived_requestsOneSignal() {
        Read<String> read = read(2);
        assertFalse(read.isDone());
        assertEquals(1, transport.readRequests);
        transport.arrive("ab").readable();
        assertEquals("ab", read.join());
        assertEquals(0, transport.readRequests);
    }

    @Test
    void start_afterWithdrawal_usesTheRequestAndReadsNoSecondTime() {
        assertTrue(read(2).cancel(false));
        Read<String> next = read(2);
        assertEquals(1, transport.reads.size());
        assertEquals(1, transport.readRequests);
        transport.arrive("ab").readable();
        assertEquals("ab", next.join());
    }

    @Test
    void readable_withdrawnRead_bytesAreReadAhead() {
        read(3).cancel(false);
        transport.arrive("ab").readable();
        assertEquals(2, host.reads().state().buffered());
        assertEquals("ab", read(2).join());
    }

    @Test
    void readable_partOfMessage_waitsForTheRest() {
        Read<String> read = read(3);
        transport.arrive("a").readable();
        assertFalse(read.isDone());
        assertEquals(1, transport.readRequests);
        transport.arrive("bc").readable();
        assertEquals("abc", read.join());
    }

    @Test
    void cancel_betweenReadAndClaim_leavesTheBytesToTheNextRead() {
        Read<String> read = read(2);
        transport.duringRead = () -> assertTrue(read.cancel(false));
        transport.arrive("ab").readable();
        transport.duringRead = () -> {};
        assertEquals(2, host.reads().state().buffered());
        assertEquals("ab", read(2).join());
    }

    @Test
    void start_duringReadOfOtherThread_isServedByThatThread() {
        Read<String> first = read(2);
        CompletableFuture<Read<String>> second = new CompletableFuture<>();
        transport.duringRead = () -> {
            transport.duringRead = () -> {};
            first.cancel(false);
            second.complete(read(1));
        };
        transport.arrive("ab").readable();
        assertEquals("a", second.join().join());
        assertEquals("b", read(1).join());
    }

    @Test
    void readable_whileBytesBelongToOtherThread_isNotLost() {
        Elsewhere read = new Elsewhere(host.reads(), 2);
        host.reads().start(read);
        transport.arrive("a").readable();
        assertFalse(read.isDone());
        // The signal comes while the other thread works: it must lead to a read afterwards.
        transport.signal(listener -> host.loop.onLoop(listener::readable));
        transport.arrive("b");
        host.loop.onLoop(() -> host.reads().worked());
        assertEquals("ab", read.join());
    }

    @Test
    void decoder_thatWaitsForReadability_isNotAskedAgainForTheSameBytes() {
        Curious read = new Curious(host.reads(), 2);
        host.reads().start(read);
        transport.arrive("a").readable();
        assertFalse(read.isDone());
        assertEquals(1, read.attempts);
        transport.arrive("b").readable();
        assertEquals("ab", read.join());
    }

    @Test
    void readable_waiterWithoutRead_readsOnceAndWaits() {
        CompletableFuture<Boolean> waiter = host.reads().readable();
        assertFalse(waiter.isDone());
        assertEquals(1, transport.reads.size());
        assertEquals(1, transport.readRequests);
        transport.arrive("a").readable();
        assertTrue(waiter.join());
        assertEquals(1, host.reads().state().buffered());
    }

    @Test
    void end_isReportedToReadsAndWaiters() {
        Read<String> read = read(2);
        transport.end().readable();
        assertNull(read.join());
        assertFalse(host.reads().readable().join());
        assertNull(read(2).join());
        assertTrue(host.connection.isOpen());
    }

    @Test
    void failure_afterBytes_isReportedAfterTheBytes() {
        Read<String> read = read(2);
        transport.arrive("ab").fail(new IOException("broken")).readable();
        assertEquals("ab", read.join());
        assertTrue(failure(read(1)).getMessage().contains("broken"), "the failure names its cause");
    }

    @Test
    void drainThenEnd_bytesInKernel_areReadBeforeTheEnd() {
        transport.arrive("ab");
        host.reads().drainThenEnd(EndOfInput.REGULAR, false);
        assertEquals(0, transport.reads.size(), "bytes are read as reads ask for them");
        assertEquals("ab", read(2).join());
        assertNull(read(1).join());
        assertTrue(transport.reads.stream().allMatch(each -> each < 0), "each read asks the kernel");
    }

    @Test
    void drainThenEnd_pendingRead_endsWithoutThePeer() {
        Read<String> read = read(2);
        host.reads().drainThenEnd(EndOfInput.REGULAR, false);
        assertNull(read.join());
    }

    @Test
    void drainThenEnd_readIsNotConclusive_endsAfterTheTransportHasSettled() {
        transport.settles = false;
        Read<String> read = read(2);
        host.reads().drainThenEnd(EndOfInput.REGULAR, false);
        assertFalse(read.isDone());
        transport.arrive("ab");
        host.loop.onLoop(transport.settling);
        assertEquals("ab", read.join());
        Read<String> next = read(1);
        assertFalse(next.isDone(), "new bytes need a new proof");
        host.loop.onLoop(transport.settling);
        assertNull(next.join());
    }

    @Test
    void drainThenEnd_atBoundary_waitsForTheRestOfMessage() {
        Read<String> read = read(2);
        transport.arrive("a").readable();
        host.reads().drainThenEnd(EndOfInput.REGULAR, true);
        assertFalse(read.isDone());
        transport.arrive("b").readable();
        assertEquals("ab", read.join());
        assertNull(read(1).join());
    }

    @Test
    void drainThenEnd_withinRecord_waitsForTheRecord() {
        Read<String> read = read(1);
        transport.withinRecord = true;
        host.reads().drainThenEnd(EndOfInput.REGULAR, true);
        assertFalse(read.isDone());
        transport.withinRecord = false;
        transport.readable();
        assertNull(read.join());
    }

    @Test
    void fastPeer_afterItsBudget_leavesTheLoopToOthers() {
        byte[] much = new byte[1 << 20];
        transport.arrive(much);
        Read<String> read = new TextRead(host.reads(), much.length);
        host.loop.onLoop(() -> host.reads().start(read));
        assertFalse(read.isDone());
        assertEquals(1, host.loop.waiting());
        host.loop.runAll();
        assertEquals(much.length, read.join().length());
    }

    @Test
    void close_pendingRead_failsAndDropsInputUntilTheEnd() {
        Read<String> read = read(2);
        host.connection.close();
        assertTrue(failure(read) instanceof AsynchronousCloseException);
        transport.arrive("late").end().readable();
        host.loop.runAll();
        assertEquals(CloseReason.Kind.CLOSED, host.connection.closed().join().kind());
        assertFalse(transport.closedWithReset);
    }

    @Test
    void close_duringReadOfOtherThread_waitsForThatThread() {
        Read<String> read = read(2);
        boolean[] closed = new boolean[1];
        transport.duringRead = () -> {
            transport.duringRead = () -> {};
            host.connection.abort();
            host.loop.runAll();
            closed[0] = host.connection.closed().isDone();
        };
        transport.arrive("ab").readable();
        assertFalse(closed[0], "closed while a thread was reading");
        assertTrue(failure(read) instanceof AsynchronousCloseException);
        assertEquals(CloseReason.Kind.ABORTED, host.connection.closed().join().kind());
        assertTrue(transport.released);
    }

    @Test
    void error_ofTheTransport_failsTheReadAndTheConnection() {
        transport.duringRead = () -> {
            throw new OutOfMemoryError("no buffer");
        };
        Read<String> read = read(2);
        assertTrue(failure(read).getMessage().contains("no buffer"));
        host.loop.runAll();
        transport.duringRead = () -> {};
        assertFalse(host.connection.isOpen());
    }

    @Test
    void reserve_bytesStayInTheKernel() {
        read(2).cancel(false);
        assertNull(host.reads().reserve("upgrade"));
        transport.arrive("ab").readable();
        assertEquals(0, host.reads().state().buffered());
        assertTrue(failure(read(1)).getMessage().contains("some from there"));
        host.reads().state().cancelUpgrade();
        assertEquals("ab", read(2).join());
    }

    @Test
    void upgrade_afterwards_theTransportIsNotReadAnyMore() {
        assertNull(host.reads().reserve("upgrade"));
        assertNull(host.reads().state().upgrade());
        int before = transport.reads.size();
        transport.arrive("ab").readable();
        assertEquals(before, transport.reads.size());
    }

    @Test
    void request_throws_failsTheReadAndReleases() {
        transport.duringReadRequest = () -> {
            throw new OutOfMemoryError("no request");
        };
        Read<String> read = read(2);
        assertTrue(read.isCompletedExceptionally());
        host.loop.runAll();
        assertTrue(host.connection.closed().join().cause().getMessage().contains("no request"));
    }

    @Test
    void budget_loopRefusesTheRest_failsTheReadAndReleases() {
        byte[] much = new byte[1 << 20];
        transport.arrive(much);
        Read<String> read = new TextRead(host.reads(), much.length);
        host.loop.refuses = true;
        host.loop.onLoop(() -> host.reads().start(read));
        assertTrue(failure(read).getMessage().contains("ended"));
        assertTrue(host.connection.closed().isDone());
    }

    @Test
    void close_ofTheTransportThrows_releases() {
        transport.duringClose = () -> {
            throw new IllegalStateException("close");
        };
        host.connection.abort();
        host.loop.runAll();
        assertEquals(CloseReason.Kind.ABORTED, host.connection.closed().join().kind());
        assertTrue(transport.released);
    }

    @Test
    void close_withinDecoder_releasesAndDropsTheBytes() {
        Curious read = new Curious(host.reads(), 2) {
            @Override
            protected Object take(ByteBuffer in, int seen, boolean ended) {
                host.connection.abort();
                return super.take(in, seen, ended);
            }
        };
        host.reads().start(read);
        transport.arrive("ab").readable();
        assertTrue(failure(read) instanceof AsynchronousCloseException);
        host.loop.runAll();
        assertEquals(CloseReason.Kind.ABORTED, host.connection.closed().join().kind());
        assertEquals(0, host.reads().state().buffered());
    }

    @Test
    void readable_withinWaiterAfterEachByte_doesNotRepeatWithoutBytes() {
        int[] turns = new int[1];
        Runnable[] again = new Runnable[1];
        again[0] = () -> host.reads().readable().thenAccept(more -> {
            if (more && ++turns[0] < 10) {
                read(1).join();
                again[0].run();
            }
        });
        again[0].run();
        transport.arrive("abc").readable();
        host.loop.runAll();
        assertEquals(3, turns[0]);
        assertEquals(1, transport.readRequests);
    }

    @Test
    void lentBuffer_timeOutWhileFilled_leavesTheBytesToTheNextRead() {
        transport.direct = true;
        byte[] content = Seeds.bytes("lent", 20_000);
        transport.duringRead = () -> host.advance(LIMIT);
        ByteBuffer dst = ByteBuffer.allocateDirect(40_000).position(10).limit(30_010);
        transport.arrive(content);
        Read<Integer> late = host.reads().start(new Reads.Into(host.reads(), dst));
        assertTrue(failure(late) instanceof SocketTimeoutException);
        assertEquals(10, dst.position());
        transport.duringRead = () -> {};
        Read<ByteBuffer> next = host.reads().start(new Reads.Some(host.reads(), content.length));
        assertEquals(ByteBuffer.wrap(content), next.join());
        transport.arrive(content);
        assertEquals(
                content.length,
                host.reads().start(new Reads.Into(host.reads(), dst)).join());
        assertEquals(ByteBuffer.wrap(content), dst.flip().position(10));
    }

    /** A read whose messages cannot be made. */
    private static final class Nameless extends Read<Boolean> {
        boolean broken;

        Nameless(ReadSide side) {
            super(side);
        }

        @Override
        public String name() {
            if (broken) {
                throw new InternalError("message");
            }
            return "nameless";
        }

        @Override
        protected int wants() {
            return 1;
        }

        @Override
        protected Object take(ByteBuffer in, int seen, boolean ended) {
            return in.hasRemaining() ? true : MORE;
        }
    }

    @Test
    void close_messageOfReadThrows_failsTheRead() {
        Nameless read = new Nameless(host.reads());
        host.reads().start(read);
        read.broken = true;
        host.connection.close();
        assertTrue(read.isCompletedExceptionally());
    }

    @Test
    void readTimeout_messageOfReadThrows_failsTheRead() {
        host.reads().limit(Duration.ofSeconds(1).toNanos());
        Nameless read = new Nameless(host.reads());
        host.reads().start(read);
        read.broken = true;
        host.advance(Duration.ofSeconds(1));
        assertTrue(read.isCompletedExceptionally());
        assertTrue(host.connection.isOpen());
    }
}
