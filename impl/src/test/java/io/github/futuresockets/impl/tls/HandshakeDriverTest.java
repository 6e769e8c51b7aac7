package io.github.futuresockets.impl.tls;

import static io.github.futuresockets.impl.tls.PlainEngine.ANSWER;
import static io.github.futuresockets.impl.tls.PlainEngine.DATA;
import static io.github.futuresockets.impl.tls.PlainEngine.HELLO;
import static io.github.futuresockets.impl.tls.PlainEngine.MAX;
import static io.github.futuresockets.impl.tls.PlainEngine.QUESTION;
import static io.github.futuresockets.impl.tls.PlainEngine.join;
import static io.github.futuresockets.impl.tls.PlainEngine.record;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.support.TestCertificates;
import io.github.futuresockets.impl.transport.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The driver of a handshake over a scripted transport, with an engine without encryption. */
class HandshakeDriverTest {
    private static final SSLSession SESSION =
            TestCertificates.client().createSSLEngine().getSession();
    private static final int MANY = 100;

    private final ScriptedLoop loop = new ScriptedLoop();
    private final ScriptedTransport below = new ScriptedTransport(loop);
    private final TlsExecutor tasks = new TlsExecutor(Supplies.Threads.JVM);

    /** The number of runs of tasks of the engine. */
    private int runs;

    /** Runs in front of each task of the engine, on the thread of the task. */
    private Runnable beforeTask = () -> {};

    private final PlainEngine engine = new PlainEngine(SESSION) {
        @Override
        public Runnable getDelegatedTask() {
            Runnable task = super.getDelegatedTask();
            return task == null
                    ? null
                    : () -> {
                        runs++;
                        beforeTask.run();
                        task.run();
                    };
        }
    };

    private final TlsTransport tls = new TlsTransport(below, engine, tasks);

    /** The outcomes of the handshake. A success is null. */
    private final List<IOException> ended = new ArrayList<>();

    HandshakeDriverTest() {
        tls.listen(mock(Transport.Listener.class));
        loop.takesLong = true;
    }

    @AfterEach
    void afterTheClose_noBufferIsLeft() {
        tls.close(true, () -> {});
        below.closed.run();
        tls.released();
        tasks.shutdown();
        loop.assertAllReleased();
    }

    private void open() {
        open(null);
    }

    private void open(ByteBuffer early) {
        tls.open(early, ended::add);
    }

    private void assertSucceeded() {
        assertEquals(1, ended.size());
        assertNull(ended.get(0));
        assertFalse(tls.isOpening());
    }

    private IOException assertFailed() {
        assertEquals(1, ended.size());
        assertInstanceOf(IOException.class, ended.get(0));
        assertFalse(tls.isOpening());
        return ended.get(0);
    }

    @Test
    void begin_peerHasSentItsPart_succeedsAtOnce() {
        below.arrive(record(HELLO));
        open();
        assertSucceeded();
        assertArrayEquals(record(HELLO), below.written());
    }

    @Test
    void read_withoutBytes_waitsForTheSignal() {
        open();
        assertEquals(1, below.readRequests);
        byte[] hello = record(HELLO);
        for (int i = 0; i < hello.length; i++) {
            assertEquals(0, ended.size());
            below.arrive(Arrays.copyOfRange(hello, i, i + 1)).readable();
        }
        assertSucceeded();
    }

    @Test
    void read_signalsWithoutBytes_requestFurtherSignals() {
        open();
        for (int i = 0; i < MANY; i++) {
            below.readable();
            assertEquals(1, below.readRequests);
        }
        below.arrive(record(HELLO)).readable();
        assertSucceeded();
    }

    @Test
    void read_signalWithinTheRequest_isNotLost() {
        below.duringAwaitReadable = () -> {
            below.duringAwaitReadable = () -> {};
            below.arrive(record(HELLO)).readable();
        };
        open();
        assertSucceeded();
    }

    @Test
    void write_withoutRoom_waitsForTheSignal() {
        below.room = 0;
        below.arrive(record(HELLO));
        open();
        assertEquals(1, below.writeRequests);
        assertEquals(0, below.readRequests);
        below.writable();
        assertEquals(1, below.writeRequests);
        below.room = MAX;
        below.writable();
        loop.runAll();
        assertSucceeded();
        assertArrayEquals(record(HELLO), below.written());
    }

    @Test
    void write_signalsOfArrivedBytes_takeNoStepBeforeTheRecordsHaveLeft() throws SSLException {
        below.room = 0;
        engine.beginHandshake();
        below.arrive(record(HELLO));
        open();
        engine.unwrap(ByteBuffer.wrap(record(QUESTION)), ByteBuffer.allocate(0));
        for (int i = 0; i < MANY; i++) {
            below.readable();
        }
        assertEquals(0, ended.size());
        assertFalse(below.isDrained(), "a read during a flush");
        below.room = MAX;
        below.writable();
        loop.runAll();
        assertSucceeded();
        assertArrayEquals(join(record(HELLO), record(ANSWER)), below.written());
    }

    @Test
    void write_transportFails_failsTheHandshake() {
        below.broken = new IOException("broken");
        open();
        assertSame(below.broken, assertFailed().getCause());
    }

    @Test
    void write_transportFailsAfterTheAgreement_succeeds() throws SSLException {
        below.room = PlainEngine.HEADER;
        below.arrive(record(QUESTION)).arrive(record(HELLO));
        below.duringWrite = () -> below.broken = below.room == 0 ? new IOException("broken") : null;
        PlainEngine agreed = PlainEngine.opened(SESSION);
        agreed.unwrap(ByteBuffer.wrap(record(QUESTION)), ByteBuffer.allocate(0));
        below.room = 0;
        TlsTransport other = new TlsTransport(below, agreed, tasks);
        other.open(null, ended::add);
        assertEquals(1, ended.size());
        assertNull(ended.get(0));
        other.released();
    }

    @Test
    void tasks_onAnotherThread_continueOnTheLoop() throws InterruptedException {
        loop.takesLong = false;
        below.arrive(record(HELLO));
        open();
        assertEquals(0, ended.size());
        loop.runNext();
        assertSucceeded();
        assertEquals(1, runs);
    }

    @Test
    void tasks_signalsWhileTheyRun_startNoSecondRun() throws InterruptedException {
        loop.takesLong = false;
        CountDownLatch signalled = new CountDownLatch(1);
        beforeTask = () -> await(signalled);
        below.arrive(record(HELLO));
        open();
        for (int i = 0; i < MANY; i++) {
            below.readable();
            below.writable();
        }
        signalled.countDown();
        loop.runNext();
        assertSucceeded();
        assertEquals(1, runs);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void tasks_handshakeEndsWhileTheyRun_endsOnce() throws InterruptedException {
        loop.takesLong = false;
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch given = new CountDownLatch(1);
        beforeTask = () -> {
            begun.countDown();
            await(given);
        };
        below.arrive(record(HELLO));
        open();
        await(begun);
        IOException late = new IOException("late");
        tls.give(late);
        assertSame(late, assertFailed().getCause());
        given.countDown();
        loop.runNext();
        assertFailed();
    }

    @Test
    void tasks_failAfterTheEnd_endsOnce() throws InterruptedException {
        loop.takesLong = false;
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch given = new CountDownLatch(1);
        beforeTask = () -> {
            begun.countDown();
            await(given);
            throw new IllegalStateException("broken");
        };
        below.arrive(record(HELLO));
        open();
        await(begun);
        IOException late = new IOException("late");
        tls.give(late);
        given.countDown();
        loop.runNext();
        assertSame(late, assertFailed().getCause());
    }

    @Test
    void tasks_fail_failsTheHandshake() {
        Error broken = new Error("broken");
        beforeTask = () -> {
            throw broken;
        };
        below.arrive(record(HELLO));
        open();
        assertSame(broken, assertFailed().getCause().getCause());
    }

    @Test
    void begin_earlyBytes_comeFirst() {
        byte[] hello = record(HELLO);
        open(loop.chunks().acquire(2).put(hello, 0, 2).flip());
        below.arrive(Arrays.copyOfRange(hello, 2, hello.length)).readable();
        assertSucceeded();
    }

    @Test
    void begin_afterAFailure_failsOnceAndReleasesTheEarlyBytes() {
        IOException before = new IOException("before");
        tls.give(before);
        tls.give(new IOException("again"));
        assertEquals(0, ended.size());
        open(loop.chunks().acquire(2).put(record(HELLO), 0, 2).flip());
        assertSame(before, assertFailed().getCause());
        tls.give(new IOException("again"));
        below.readable();
        assertFailed();
        assertEquals(0, below.writes);
    }

    @Test
    void begin_afterTheClose_fails() {
        tls.close(false, () -> {});
        open();
        assertFailed();
        assertEquals(0, below.writes);
    }

    @Test
    void begin_engineFails_failsTheHandshake() {
        RuntimeException broken = new IllegalStateException("broken");
        TlsTransport other = new TlsTransport(
                below,
                new PlainEngine(SESSION) {
                    @Override
                    public void beginHandshake() {
                        throw broken;
                    }
                },
                tasks);
        other.open(null, ended::add);
        assertSame(broken, ended.get(0).getCause().getCause());
        other.released();
    }

    @Test
    void read_peerEnds_fails() {
        below.end();
        open();
        assertInstanceOf(EOFException.class, assertFailed().getCause());
    }

    @Test
    void read_transportFails_fails() {
        IOException broken = new IOException("broken");
        open();
        below.fail(broken).readable();
        assertSame(broken, assertFailed().getCause());
    }

    @Test
    void read_engineRefusesARecord_failsWithTheFailureOfTheEngine() {
        below.arrive(record((byte) 99));
        open();
        assertInstanceOf(SSLException.class, assertFailed().getCause());
        assertTrue(tls.hasHeard());
    }

    @Test
    void read_peerSendsTooMuch_fails() {
        for (int i = 0; i <= HandshakeStep.MAX_BYTES / MAX; i++) {
            below.arrive(record(ANSWER, new byte[MAX]));
        }
        open();
        assertTrue(assertFailed().getMessage().contains("longer than"), ended.toString());
    }

    @Test
    void read_dataBeforeTheEnd_isRefused() {
        below.arrive(record(DATA, (byte) 1));
        open();
        assertFailed();
    }

    @Test
    void give_whileReading_failsOnceAndDropsLaterBytes() {
        open();
        IOException late = new IOException("late");
        tls.give(late);
        assertSame(late, assertFailed().getCause());
        tls.give(new IOException("again"));
        assertFailed();
    }

    @Test
    void give_whileRecordsWait_failsOnce() {
        below.room = 0;
        open();
        IOException late = new IOException("late");
        tls.give(late);
        assertSame(late, assertFailed().getCause());
    }

    @Test
    void give_afterTheEnd_isWithoutEffect() {
        below.arrive(record(HELLO));
        open();
        tls.give(new IOException("late"));
        assertSucceeded();
    }

    @Test
    void close_duringTheHandshake_failsOnceAndSendsNothing() {
        open();
        below.written();
        tls.close(false, () -> {});
        assertFailed();
        assertEquals(0, below.written().length);
    }
}
