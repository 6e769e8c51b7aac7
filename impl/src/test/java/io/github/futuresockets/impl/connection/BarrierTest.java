package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.CloseReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests the barrier of an upgrade in the write queue, over a transport that the test drives. */
class BarrierTest {
    private final ScriptedHost host = ScriptedHost.make();
    private final ScriptedTransport transport = host.transport;
    private final List<IOException> failures = new ArrayList<>();
    private int begun;
    private Runnable upgrade = () -> {};
    private final Barrier barrier = new Barrier(host.writes(), "upgrade", this::begin, failures::add);

    private void begin() {
        begun++;
        upgrade.run();
    }

    private Write write(String text) {
        return host.writes().start(new Write(host.writes(), ByteBuffer.wrap(text.getBytes())));
    }

    private void assertRefused(CompletableFuture<?> write) {
        Throwable failure = write.handle((done, failed) -> failed).join();
        assertTrue(failure instanceof ClosedChannelException, () -> "not refused: " + failure);
    }

    private void assertFailedOnce() {
        assertEquals(1, failures.size(), failures::toString);
    }

    private void close(CompletableFuture<CloseReason> closed) {
        host.loop.runAll();
        assertTrue(closed.isDone(), "the connection is not released");
    }

    @Test
    void start_noWriteQueued_beginsWithinCall() {
        barrier.start();
        assertEquals(1, begun);
        assertRefused(write("a"));
        assertEquals(List.of(), failures);
    }

    @Test
    void start_behindWrites_beginsAfterTheLastByte() {
        transport.room = 1;
        Write write = write("ab");
        barrier.start();
        assertEquals(0, begun);
        assertRefused(write("c"));
        upgrade = () -> assertTrue(write.isDone());
        transport.room = 1;
        transport.writable();
        assertEquals(1, begun);
        assertEquals("ab", transport.written());
    }

    @Test
    void start_behindCorkedWrite_flushesTheWriteFirst() {
        transport.arrive("ab");
        host.reads().start(new TextRead(host.reads(), 1)).thenRun(() -> {
            write("x");
            upgrade = () -> assertEquals("x", transport.written());
            barrier.start();
        });
        assertEquals(1, begun);
    }

    @Test
    void start_inlineBudgetIsSpent_beginsOnTheLoop() {
        for (int i = 0; i < 32; i++) {
            write("a").join();
        }
        barrier.start();
        assertEquals(0, begun);
        host.loop.runAll();
        assertEquals(1, begun);
    }

    @Test
    void start_loopRefusesTheFlush_failsTheUpgradeOnceAndReleases() {
        for (int i = 0; i < 32; i++) {
            write("a").join();
        }
        host.loop.refuses = true;
        barrier.start();
        host.loop.refuses = false;
        assertFailedOnce();
        assertTrue(failures.get(0).getMessage().contains("ended"), failures::toString);
        close(host.connection.closed());
    }

    @Test
    void start_afterHalfClose_fails() {
        host.writes().shutdownOutput();
        barrier.start();
        assertEquals(0, begun);
        assertFailedOnce();
        assertTrue(failures.get(0) instanceof ClosedChannelException);
        assertTrue(host.connection.isOpen());
    }

    @Test
    void shutdownOutput_whileBarrierStands_isRefused() {
        barrier.start();
        assertRefused(host.writes().shutdownOutput());
        assertFalse(transport.outputEnded);
    }

    @Test
    void begin_throws_failsTheUpgradeAndTheConnection() {
        upgrade = () -> {
            throw new OutOfMemoryError("no thread");
        };
        barrier.start();
        assertFailedOnce();
        assertFalse(host.connection.isOpen());
        transport.end();
        close(host.connection.closed());
    }

    @Test
    void withdraw_standing_acceptsWritesAgain() {
        transport.room = 0;
        write("a");
        barrier.start();
        assertTrue(barrier.withdraw());
        Write next = write("b");
        transport.room = 100;
        transport.writable();
        next.join();
        assertEquals("ab", transport.written());
        assertEquals(0, begun);
        assertEquals(List.of(), failures);
    }

    @Test
    void withdraw_reached_acceptsWritesAgain() {
        barrier.start();
        assertTrue(barrier.withdraw());
        assertTrue(host.writes().writable().isDone());
        write("a").join();
        assertFalse(barrier.pass());
        assertTrue(host.connection.isOpen());
        assertEquals(List.of(), failures);
    }

    @Test
    void pass_ofWithdrawnBarrier_leavesTheNextBarrier() {
        barrier.start();
        barrier.withdraw();
        Barrier next = new Barrier(host.writes(), "next", () -> {}, failures::add);
        next.start();
        assertFalse(barrier.pass());
        assertTrue(next.pass());
    }

    @Test
    void pass_reached_upgradesTheConnection() {
        barrier.start();
        assertTrue(barrier.pass());
        assertEquals("UPGRADED", host.connection.ending().phase());
        assertFalse(barrier.withdraw());
        assertRefused(write("a"));
        assertFalse(barrier.pass());
    }

    @Test
    void abort_whileBarrierStands_failsTheUpgradeOnce() {
        transport.room = 0;
        write("a");
        barrier.start();
        host.connection.abort();
        close(host.connection.closed());
        assertFailedOnce();
        assertEquals(0, begun);
        assertFalse(barrier.pass());
        assertFailedOnce();
    }

    @Test
    void abort_afterBarrierWasReached_failsTheUpgradeBeforeTheEnd() {
        barrier.start();
        CompletableFuture<CloseReason> closed = host.connection.closed();
        int[] failedBefore = new int[1];
        closed.thenRun(() -> failedBefore[0] = failures.size());
        host.connection.abort();
        close(closed);
        assertEquals(1, failedBefore[0]);
        assertFalse(barrier.pass());
        assertFailedOnce();
    }

    @Test
    void close_whileBarrierStands_failsTheUpgradeAndSendsTheWrites() {
        transport.room = 0;
        write("a");
        barrier.start();
        host.connection.close();
        assertFailedOnce();
        transport.room = 100;
        transport.writable();
        assertEquals("a", transport.written());
        assertTrue(transport.outputEnded);
        assertEquals(0, begun);
        transport.end().readable();
        close(host.connection.closed());
    }

    @Test
    void close_afterBarrierWasReached_failsTheUpgradeAndReleases() {
        barrier.start();
        host.connection.close();
        assertFailedOnce();
        assertTrue(failures.get(0) instanceof ClosedChannelException);
        assertFalse(barrier.pass());
        transport.end().readable();
        close(host.connection.closed());
        assertFailedOnce();
    }

    @Test
    void pass_withinClose_failsTheUpgrade() {
        barrier.start();
        boolean[] passed = {true};
        host.reads().readable().thenRun(() -> passed[0] = barrier.pass());
        host.connection.close();
        assertFalse(passed[0]);
        assertFailedOnce();
    }

    @Test
    void pass_connectionFailsMeanwhile_failsTheUpgradeOnce() {
        upgrade = () -> {
            host.connection.fail(CloseReason.Kind.FAILED, new IOException("elsewhere"));
            assertFalse(barrier.pass());
        };
        barrier.start();
        assertFailedOnce();
        transport.end();
        close(host.connection.closed());
    }

    @Test
    void writeTimeout_behindStalledWrites_failsTheUpgrade() {
        host.writes().limit(Duration.ofSeconds(1).toNanos());
        transport.room = 0;
        write("a");
        barrier.start();
        host.advance(Duration.ofSeconds(1));
        assertFailedOnce();
        assertFalse(host.connection.isOpen());
    }

    /** Calls the connection on another thread. The call has seen an open connection when the barrier is passed. */
    private void passWithin(Runnable call) throws InterruptedException {
        barrier.start();
        Thread caller = new Thread(call);
        synchronized (host.connection.ending()) {
            caller.start();
            while (caller.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            assertTrue(barrier.pass());
        }
        caller.join();
        ScriptedHost other = ScriptedHost.make();
        host.connection.upgrade(other.connection);
        host.loop.runAll();
        other.transport.end();
        other.loop.runAll();
        assertFalse(other.connection.isOpen(), "the successor ends");
        other.transport.readable();
        other.loop.runAll();
        assertTrue(host.connection.isClosed());
    }

    @Test
    void close_barrierIsPassedMeanwhile_closesTheSuccessor() throws InterruptedException {
        passWithin(host.connection::close);
    }

    @Test
    void abort_barrierIsPassedMeanwhile_abortsTheSuccessor() throws InterruptedException {
        passWithin(host.connection::abort);
    }

    @Test
    void writeTimeout_afterBarrierWasReached_doesNotCountTheUpgrade() {
        host.writes().limit(Duration.ofSeconds(1).toNanos());
        barrier.start();
        assertFalse(host.connection.isIdle());
        host.advance(Duration.ofSeconds(10));
        assertEquals(List.of(), failures);
        assertTrue(host.connection.isOpen());
        assertTrue(barrier.pass());
    }
}
