package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.CloseReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests what the release of a connection waits for. */
class ReleaseTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration MOMENT = Duration.ofNanos(1);

    private ScriptedHost host = ScriptedHost.make();

    /** An executor that keeps its tasks until a test runs the tasks. */
    private static final class Later implements Executor {
        final Queue<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        void runAll() {
            for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
                next.run();
            }
        }
    }

    /** An executor that drops its tasks at its end. */
    private static final class Dropping extends AbstractExecutorService {
        boolean ended;

        @Override
        public void execute(Runnable task) {
            if (ended) {
                throw new RejectedExecutionException("ended");
            }
        }

        @Override
        public void shutdown() {
            ended = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            ended = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return ended;
        }

        @Override
        public boolean isTerminated() {
            return ended;
        }

        @Override
        public boolean awaitTermination(long time, TimeUnit unit) {
            return ended;
        }
    }

    /** A write that offloads its flush, and does nothing else. */
    private static final class Offloaded extends OffloadedWrite {
        private final Runnable before;

        Offloaded(WriteSide side, Runnable before) {
            super(side, true);
            this.before = before;
        }

        @Override
        protected int act() {
            before.run();
            return offload() ? OFFLOADED : 0;
        }
    }

    /** A read of a mebibyte. */
    private static final class Much extends Read<Boolean> {
        Much(ReadSide side) {
            super(side);
        }

        @Override
        public String name() {
            return "much";
        }

        @Override
        protected int wants() {
            return 1 << 20;
        }

        @Override
        protected Object take(ByteBuffer in, int seen, boolean ended) {
            return in.remaining() < wants() && !ended ? MORE : ended;
        }
    }

    private static ScriptedHost with(Executor executor, Duration closeTimeout) {
        return ScriptedHost.make(Duration.ZERO, Duration.ZERO, closeTimeout, 1 << 20, executor);
    }

    private Write write(String text) {
        return host.writes().start(new Write(host.writes(), ByteBuffer.wrap(text.getBytes())));
    }

    private boolean isClosed() {
        return host.connection.isClosed();
    }

    @Test
    void descriptor_reportsItsCloseTwice_endsOnce() {
        host.transport.closesAtOnce = false;
        host.connection.hold();
        host.connection.abort();
        host.loop.runAll();
        host.transport.closed.run();
        host.transport.closed.run();
        assertFalse(isClosed());
        host.connection.unhold();
        assertTrue(isClosed());
        assertEquals(List.of(), host.registered);
    }

    @Test
    void hold_beforeTheEnd_delaysTheEnd() {
        host.connection.hold();
        host.connection.abort();
        host.loop.runAll();
        assertFalse(isClosed());
        host.advance(Duration.ofHours(1));
        assertFalse(isClosed(), "without an executor the wait has no limit");
        host.connection.unhold();
        assertTrue(isClosed());
    }

    @Test
    void completion_inExecutor_isAwaited() {
        Later executor = new Later();
        host = with(executor, LIMIT);
        List<String> order = new ArrayList<>();
        host.connection.closed().whenComplete((why, failure) -> order.add("closed"));
        host.connection.complete(() -> order.add("completion"));
        host.connection.abort();
        host.loop.runAll();
        assertFalse(isClosed());
        executor.runAll();
        assertEquals(List.of("completion", "closed"), order);
        assertEquals(0, host.pendingAlarms(), "the limit of the wait is cancelled");
    }

    @Test
    void completion_dropped_isAwaitedForTheTimeOutOfTheClose() {
        host = with(new Dropping(), LIMIT);
        host.connection.complete(() -> {});
        host.connection.abort();
        host.loop.runAll();
        host.advance(LIMIT.minus(MOMENT));
        assertFalse(isClosed());
        host.advance(MOMENT);
        assertTrue(isClosed());
        assertEquals(List.of(), host.registered);
    }

    @Test
    void completion_droppedWithoutTimeOut_isAwaitedForFiveSeconds() {
        host = with(new Dropping(), Duration.ZERO);
        host.connection.complete(() -> {});
        host.connection.abort();
        host.loop.runAll();
        host.advance(Duration.ofSeconds(5).minus(MOMENT));
        assertFalse(isClosed());
        host.advance(MOMENT);
        assertTrue(isClosed());
    }

    @Test
    void completion_runsAfterItsLimit_hasNoEffectOnTheEnd() {
        Later executor = new Later();
        host = with(executor, LIMIT);
        List<String> order = new ArrayList<>();
        host.connection.closed().whenComplete((why, failure) -> order.add("closed"));
        host.connection.complete(() -> order.add("completion"));
        host.connection.abort();
        host.loop.runAll();
        host.advance(LIMIT);
        assertTrue(isClosed());
        executor.runAll();
        assertEquals(List.of("completion", "closed"), order);
    }

    @Test
    void executor_terminated_completionRunsOnTheReleasingThread() {
        Dropping executor = new Dropping();
        host = with(executor, LIMIT);
        int[] runs = new int[1];
        host.connection.complete(() -> runs[0]++);
        executor.shutdown();
        host.connection.abort();
        host.loop.runAll();
        assertEquals(1, runs[0]);
        assertTrue(isClosed());
        assertEquals(0, host.pendingAlarms());
    }

    @Test
    void noAlarm_forTheLimit_endsAtOnce() {
        host = with(new Later(), LIMIT);
        host.connection.complete(() -> {});
        host.loop.refusesAlarms = true;
        host.connection.abort();
        host.loop.runAll();
        assertTrue(isClosed());
    }

    @Test
    void write_withinSystemCall_isAwaited() {
        host.transport.duringWrite = () -> {
            host.connection.abort();
            host.loop.runAll();
            host.transport.closedWithReset = null;
            assertFalse(isClosed());
        };
        write("a");
        assertTrue(isClosed());
    }

    @Test
    void write_failsWithinRelease_isAwaited() {
        host.transport.duringWrite = () -> {
            host.connection.abort();
            host.loop.runAll();
            assertFalse(isClosed());
            host.transport.broken = new IOException("broken");
        };
        write("a");
        assertTrue(isClosed());
    }

    @Test
    void write_requestOfSignalFailsWithinRelease_isAwaited() {
        host.transport.room = 0;
        host.transport.duringWrite = () -> {
            host.connection.abort();
            host.loop.runAll();
            host.transport.closedWithReset = null;
        };
        host.transport.duringWriteRequest = () -> {
            assertFalse(isClosed());
            throw new OutOfMemoryError("request");
        };
        write("a");
        assertTrue(isClosed());
    }

    @Test
    void write_loopRefusesTheFlushWithinRelease_isAwaited() {
        for (int i = 0; i < InlineBudget.LIMIT; i++) {
            write("a").join();
        }
        host.loop.refuses = true;
        host.loop.duringRefusal = () -> {
            host.connection.abort();
            assertFalse(isClosed(), "a thread owns the flush");
        };
        assertTrue(write("b").isCompletedExceptionally());
        assertTrue(isClosed());
    }

    @Test
    void readLeftToTheLoop_isAwaited() {
        host.transport.arrive(new byte[1 << 20]);
        host.loop.onLoop(() -> host.reads().start(new Much(host.reads())));
        assertTrue(host.reads().state().isBusy(), "the rest is a task of the loop");
        host.loop.onLoop(host.connection::abort);
        assertFalse(isClosed());
        host.loop.runAll();
        assertTrue(isClosed());
    }

    @Test
    void release_lendsNoFlushAndRevokesTheLentFlush() {
        Offloaded write = new Offloaded(host.writes(), () -> {});
        host.writes().start(write);
        assertTrue(write.isLent());
        HoldCount holds = new HoldCount();
        host.writes().state().release(holds);
        assertFalse(write.isLent());
        assertFalse(host.writes().state().isFlushing());
        assertTrue(holds.release(), "no hold for a flush without a thread");
    }

    @Test
    void offload_afterRelease_isRefused() {
        Release release = host.connection.ending().release;
        Offloaded write = new Offloaded(host.writes(), () -> release.begin(false));
        host.writes().start(write);
        assertFalse(write.isLent());
        assertFalse(host.writes().state().isFlushing());
        host.loop.runAll();
        assertTrue(isClosed(), "the hold of the flush has ended");
    }

    @Test
    void commit_withinRelease_isAwaited() {
        Offloaded write = new Offloaded(host.writes(), () -> {});
        host.writes().start(write);
        assertTrue(write.beginCommit());
        host.connection.abort();
        host.loop.runAll();
        assertNull(host.transport.closedWithReset, "the close is deferred");
        Runnable close = write.commit(true);
        host.loop.onLoop(close);
        assertFalse(isClosed());
        host.loop.onLoop(() -> host.writes().resumed(0));
        assertTrue(isClosed());
        assertEquals(CloseReason.Kind.ABORTED, host.connection.closed().join().kind());
    }

    @Test
    void sourceFails_withinRelease_isAwaited() {
        Offloaded write = new Offloaded(host.writes(), () -> {});
        host.writes().start(write);
        assertTrue(write.beginCommit());
        host.connection.abort();
        host.loop.runAll();
        host.loop.onLoop(write.commit(true));
        assertFalse(isClosed());
        host.loop.onLoop(() -> host.writes().sourceFailed(new IOException("source")));
        assertTrue(isClosed());
    }

    @Test
    void signals_afterRelease_beginNothing() {
        host.transport.room = 0;
        write("a");
        host.writes().state().release(new HoldCount());
        host.reads().state().release(new HoldCount());
        int reads = host.transport.reads.size();
        host.transport.room = 100;
        host.transport.arrive("b").writable();
        host.transport.readable();
        assertEquals("", host.transport.written());
        assertEquals(reads, host.transport.reads.size());
        assertFalse(host.writes().state().isFlushing() || host.reads().state().isBusy());
    }

    /** An executor that drops its tasks, and whose state cannot be asked for. */
    private static final class Foreign extends AbstractExecutorService {
        boolean refuses;

        @Override
        public void execute(Runnable task) {
            if (refuses) {
                throw new RejectedExecutionException("refused");
            }
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            throw new UnsupportedOperationException("isShutdown");
        }

        @Override
        public boolean isTerminated() {
            throw new UnsupportedOperationException("isTerminated");
        }

        @Override
        public boolean awaitTermination(long time, TimeUnit unit) {
            return false;
        }
    }

    @Test
    void executor_stateThrows_endsInTime() {
        host = with(new Foreign(), LIMIT);
        host.connection.complete(() -> {});
        host.connection.abort();
        host.loop.runAll();
        host.advance(LIMIT);
        assertTrue(isClosed());
    }

    @Test
    void executor_refusesAndStateThrows_completionRunsHere() {
        Foreign executor = new Foreign();
        executor.refuses = true;
        host = with(executor, LIMIT);
        int[] runs = new int[1];
        host.connection.complete(() -> runs[0]++);
        assertEquals(1, runs[0]);
    }
}
