package io.github.futuresockets.impl.tls;

import static io.github.futuresockets.impl.tls.PlainEngine.ANSWER;
import static io.github.futuresockets.impl.tls.PlainEngine.DATA;
import static io.github.futuresockets.impl.tls.PlainEngine.END;
import static io.github.futuresockets.impl.tls.PlainEngine.HEADER;
import static io.github.futuresockets.impl.tls.PlainEngine.QUESTION;
import static io.github.futuresockets.impl.tls.PlainEngine.join;
import static io.github.futuresockets.impl.tls.PlainEngine.record;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.TestCertificates;
import io.github.futuresockets.impl.transport.BufferPool;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLProtocolException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sender of records over a scripted transport, with an engine without encryption. */
class RecordWriterTest {
    private static final SSLSession SESSION =
            TestCertificates.client().createSSLEngine().getSession();

    private final ScriptedLoop loop = new ScriptedLoop();
    private final ScriptedTransport below = new ScriptedTransport(loop);

    /** The failure of the next call of the engine that makes a record. */
    private SSLException engineFails;

    /** The number of records that the engine makes before the failure. */
    private int recordsBefore;

    /** Runs before the failure of the engine. */
    private Runnable atFailure = () -> {};

    /** Runs within each call of the engine that makes a record. */
    private Runnable duringWrap = () -> {};

    private final PlainEngine engine = new PlainEngine(SESSION) {
        @Override
        public SSLEngineResult wrap(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst) {
            duringWrap.run();
            if (engineFails != null && recordsBefore-- == 0) {
                SSLException failure = engineFails;
                engineFails = null;
                atFailure.run();
                RecordWriterTest.<RuntimeException>raise(failure);
            }
            return super.wrap(srcs, offset, length, dst);
        }
    };

    private int signals;
    private int sent;
    private final RecordWriter writer = new RecordWriter(engine, below, () -> signals++, () -> sent++);

    RecordWriterTest() {
        below.listen(new Transport.Listener() {
            @Override
            public void readable() {}

            @Override
            public void writable() {
                writer.writable();
            }

            @Override
            public void received() {}

            @Override
            public void sent() {}
        });
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable failure) throws T {
        throw (T) failure;
    }

    @AfterEach
    void afterTheClose_noBufferIsLeft() {
        loop.duringPooling = () -> {};
        if (below.closed == null) {
            writer.close(true);
        }
        writer.released();
        loop.assertAllReleased();
    }

    private static ByteBuffer plain(int... bytes) {
        return ByteBuffer.wrap(content(bytes));
    }

    private static byte[] content(int... bytes) {
        byte[] content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        return content;
    }

    private static byte[] data(int... bytes) {
        return record(DATA, content(bytes));
    }

    /** Lets the engine decrypt questions, which need answers. */
    private void ask(int questions) throws SSLException {
        for (int i = 0; i < questions; i++) {
            engine.unwrap(ByteBuffer.wrap(record(QUESTION)), ByteBuffer.allocate(0));
        }
    }

    /** Gives room and sends the signal. */
    private void giveRoom(int bytes) {
        below.room = bytes;
        below.writable();
    }

    /** Writes without room, and requests the signal of the owner. */
    private void writeWithoutRoom(ByteBuffer plain) throws IOException {
        below.room = 0;
        assertEquals(0, writer.write(plain));
        writer.awaitWritable();
        assertEquals(1, below.writeRequests);
    }

    private void close() {
        writer.close(true);
        below.close(true, () -> {});
    }

    @Test
    void write_withRoom_sendsARecordWithinTheCall() throws IOException {
        assertEquals(3, writer.write(plain(1, 2, 3)));
        assertArrayEquals(data(1, 2, 3), below.written());
        assertEquals(0, signals + below.writeRequests + loop.waiting());
        loop.assertAllReleased();
    }

    @Test
    void write_withoutRoom_endsAfterTheSignal() throws IOException {
        ByteBuffer plain = plain(1, 2, 3);
        writeWithoutRoom(plain);
        assertEquals(0, signals);
        giveRoom(1000);
        assertEquals(1, signals);
        assertArrayEquals(data(1, 2, 3), below.written());
        assertEquals(3, writer.write(plain));
        assertEquals(0, below.written().length, "the records are sent once");
        loop.assertAllReleased();
    }

    @Test
    void write_sameBufferAfterItsOutcome_isANewJob() throws IOException {
        ByteBuffer plain = plain(1, 2, 3);
        for (int i = 0; i < 3; i++) {
            assertEquals(3, writer.write(plain.rewind()));
            assertArrayEquals(data(1, 2, 3), below.written());
        }
    }

    @Test
    void write_signalWithoutRoom_requestsTheNextSignal() throws IOException {
        ByteBuffer plain = plain(1);
        writeWithoutRoom(plain);
        for (int i = 0; i < 100; i++) {
            below.writable();
            assertEquals(1, below.writeRequests);
            assertEquals(0, writer.write(plain));
        }
        assertEquals(0, signals);
        giveRoom(1000);
        assertEquals(1, writer.write(plain));
        assertArrayEquals(data(1), below.written());
    }

    @Test
    void write_signalWithoutWork_isWithoutEffect() throws IOException {
        below.writable();
        assertEquals(0, below.writes + signals);
        assertEquals(1, writer.write(plain(1)));
        below.writable();
        assertEquals(1, below.writes);
    }

    @Test
    void write_partialRoom_reportsProgress() throws IOException {
        ByteBuffer plain = plain(1, 2, 3);
        below.room = 2;
        assertEquals(0, writer.write(plain));
        assertEquals(1, sent);
        writer.awaitWritable();
        giveRoom(3);
        assertEquals(2, sent);
        giveRoom(100);
        assertEquals(2, sent, "the end of the job is a result");
        assertEquals(3, writer.write(plain));
        assertArrayEquals(data(1, 2, 3), below.written());
    }

    @Test
    void awaitWritable_jobHasEndedBefore_signalComesSoon() throws IOException {
        ByteBuffer plain = plain(1);
        below.room = 0;
        assertEquals(0, writer.write(plain));
        giveRoom(100);
        assertEquals(0, signals);
        writer.awaitWritable();
        loop.runAll();
        assertEquals(1, signals);
        assertEquals(1, writer.write(plain));
    }

    @Test
    void awaitWritable_outsideTheLoop_signalComesOnTheLoop() throws IOException {
        ByteBuffer plain = plain(1);
        writeWithoutRoom(plain);
        loop.outside(() -> giveRoom(100));
        assertEquals(0, signals);
        loop.runAll();
        assertEquals(1, signals);
        assertEquals(1, writer.write(plain));
    }

    @Test
    void end_behindAFlush_followsTheFlush() throws IOException {
        ask(1);
        below.room = 0;
        assertFalse(writer.flush());
        assertFalse(writer.end(false));
        writer.awaitWritable();
        giveRoom(100);
        assertTrue(signals >= 1);
        assertTrue(below.outputEnded);
        assertFalse(below.outputEndedAsLast);
        assertArrayEquals(join(record(ANSWER), record(END)), below.written());
        assertTrue(writer.end(false));
    }

    @Test
    void end_withoutRoomForTheEnd_waitsForTheNextSignal() throws IOException {
        below.room = HEADER;
        assertFalse(writer.end(true));
        writer.awaitWritable();
        assertArrayEquals(record(END), below.written());
        assertFalse(below.outputEnded);
        giveRoom(1);
        assertTrue(below.outputEndedAsLast);
        assertEquals(1, signals);
        assertTrue(writer.end(true));
        assertEquals(0, below.written().length, "close_notify is sent once");
    }

    @Test
    void write_transportFails_allLaterJobsFail() throws IOException {
        below.broken = new IOException("broken");
        assertSame(below.broken, assertThrows(IOException.class, () -> writer.write(plain(1))));
        int before = below.writes;
        assertSame(below.broken, assertThrows(IOException.class, () -> writer.write(plain(2))));
        assertSame(below.broken, assertThrows(IOException.class, writer::flush));
        assertSame(below.broken, assertThrows(IOException.class, () -> writer.end(true)));
        assertEquals(before, below.writes);
        loop.assertAllReleased();
    }

    @Test
    void write_transportFailsAfterTheSignal_ownerGetsTheFailureOnce() throws IOException {
        ByteBuffer plain = plain(1);
        writeWithoutRoom(plain);
        below.broken = new IOException("broken");
        below.writable();
        assertEquals(1, signals);
        assertSame(below.broken, assertThrows(IOException.class, () -> writer.write(plain)));
        loop.assertAllReleased();
    }

    @Test
    void write_transportFailsWithAFailureOfTls_staysFailed() {
        below.broken = new SSLException("a transport that encrypts, too");
        assertThrows(IOException.class, () -> writer.write(plain(1)));
        int before = below.writes;
        assertSame(below.broken, assertThrows(IOException.class, () -> writer.write(plain(2))));
        assertEquals(before, below.writes);
    }

    /** Lets the next request for a signal fail, after an event. */
    private OutOfMemoryError failRequestAfter(Runnable event) {
        OutOfMemoryError want = new OutOfMemoryError("injected");
        below.duringAwaitWritable = once(() -> {
            event.run();
            throw want;
        });
        return want;
    }

    @Test
    void write_requestForTheSignalFails_failsAndLeavesTheRecordsToTheTransport() {
        OutOfMemoryError want = failRequestAfter(() -> {});
        below.room = 0;
        ByteBuffer plain = plain(1);
        assertSame(
                want, assertThrows(IOException.class, () -> writer.write(plain)).getCause());
        assertNotReleased();
        below.writable();
        assertEquals(1, below.writes, "a record of a failed job");
        assertThrows(IOException.class, () -> writer.write(plain(2)));
    }

    @Test
    void write_requestFailsAfterItsSignal_jobSucceeds() throws IOException {
        failRequestAfter(() -> giveRoom(1000));
        below.room = 0;
        ByteBuffer plain = plain(1);
        assertEquals(1, writer.write(plain));
        assertEquals(1, writer.write(plain(2)));
        assertArrayEquals(join(data(1), data(2)), below.written());
    }

    @Test
    void write_requestFailsWhileTheSignalSends_leavesTheRecordsToTheSender() throws Exception {
        CompletableFuture<Void> sending = new CompletableFuture<>();
        CompletableFuture<Void> failed = new CompletableFuture<>();
        Thread signal = new Thread(() -> giveRoom(1000));
        failRequestAfter(() -> {
            below.duringWrite = once(() -> {
                sending.complete(null);
                Await.value(failed);
            });
            signal.start();
            Await.value(sending);
        });
        below.room = 0;
        ByteBuffer plain = plain(1);
        assertEquals(0, writer.write(plain));
        assertNotReleased();
        failed.complete(null);
        signal.join();
        assertEquals(1, writer.write(plain));
        assertArrayEquals(data(1), below.written());
    }

    @Test
    void write_engineFails_theNextJobSendsTheAlert() throws IOException {
        engineFails = new SSLException("failed");
        assertThrows(SSLException.class, () -> writer.write(plain(1)));
        assertTrue(writer.end(true));
        assertArrayEquals(record(END), below.written());
    }

    @Test
    void write_whileTheFailureOfTheEngineIsNoted_isNotLost() throws IOException {
        ask(1);
        engineFails = new SSLException("failed");
        recordsBefore = 1;
        ByteBuffer next = plain(2);
        boolean[] nested = new boolean[1];
        // The engine makes the answer, and fails at the data. The buffer of the answer goes back to the pool.
        atFailure = () -> loop.duringPooling = () -> {
            if (!nested[0]) {
                nested[0] = true;
                below.room = 0;
                assertEquals(0, tryWrite(next));
                nested[0] = false;
            }
        };
        assertThrows(SSLException.class, () -> writer.write(plain(1)));
        loop.duringPooling = () -> {};
        assertEquals(0, below.writes, "a record that is dropped at the same time");
        writer.write(next);
        giveRoom(100);
        writer.write(next);
        assertArrayEquals(data(2), below.written());
    }

    /** Returns a task that runs once, although the task causes its own call. */
    private static Runnable once(Runnable task) {
        boolean[] ran = new boolean[1];
        return () -> {
            if (!ran[0]) {
                ran[0] = true;
                task.run();
            }
        };
    }

    private int tryWrite(ByteBuffer plain) {
        try {
            return writer.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void reply_withRoom_sendsTheAnswers() throws IOException {
        ask(2);
        assertFalse(writer.reply(2, 0));
        assertArrayEquals(join(record(ANSWER), record(ANSWER)), below.written());
        assertEquals(0, signals);
    }

    @Test
    void reply_whileParked_answersFollowTheRecordsOfTheJob() throws IOException {
        ByteBuffer plain = plain(1);
        writeWithoutRoom(plain);
        ask(3);
        assertFalse(writer.reply(3, 0));
        assertEquals(0, below.written().length);
        giveRoom(1000);
        assertEquals(1, writer.write(plain));
        assertArrayEquals(join(data(1), record(ANSWER), record(ANSWER), record(ANSWER)), below.written());
    }

    @Test
    void reply_signalWhileTheAnswersAreMade_isNotLost() throws IOException {
        ByteBuffer plain = plain(1);
        writeWithoutRoom(plain);
        ask(1);
        duringWrap = () -> giveRoom(1000);
        assertFalse(writer.reply(1, 0));
        duringWrap = () -> {};
        assertEquals(1, signals);
        assertEquals(1, writer.write(plain));
        assertArrayEquals(join(data(1), record(ANSWER)), below.written());
    }

    @Test
    void reply_duringAWrite_isSentByTheWriter() throws IOException {
        below.duringWrite = once(() -> {
            try {
                ask(1);
                assertFalse(writer.reply(1, 0));
            } catch (SSLException e) {
                throw new AssertionError(e);
            }
        });
        assertEquals(1, writer.write(plain(1)));
        assertArrayEquals(join(data(1), record(ANSWER)), below.written());
    }

    @Test
    void reply_tooManyAnswersWait_fails() throws IOException {
        writeWithoutRoom(plain(1));
        for (int i = 0; i < 256; i++) {
            ask(1);
            writer.reply(1, 0);
        }
        ask(1);
        assertThrows(SSLProtocolException.class, () -> writer.reply(1, 0));
    }

    @Test
    void reply_tooManyBytesWait_holdsTheReadingHalfUntilTheyHaveLeft() throws IOException {
        holdTheReadingHalf();
        int[] continued = new int[1];
        assertTrue(writer.holds(() -> continued[0]++));
        giveRoom(100 << 10);
        loop.runAll();
        assertEquals(0, continued[0]);
        assertTrue(writer.holds(() -> continued[0]++));
        giveRoom(Integer.MAX_VALUE);
        loop.runAll();
        assertEquals(1, continued[0]);
        assertFalse(writer.holds(() -> continued[0]++));
    }

    @Test
    void holds_transportFails_continuesTheReadingHalf() throws IOException {
        holdTheReadingHalf();
        int[] continued = new int[1];
        assertTrue(writer.holds(() -> continued[0]++));
        below.broken = new IOException("broken");
        below.writable();
        loop.runAll();
        assertEquals(1, continued[0]);
        assertFalse(writer.holds(() -> continued[0]++));
    }

    private void holdTheReadingHalf() throws IOException {
        writeWithoutRoom(plain(1));
        boolean full = false;
        for (int i = 0; !full; i++) {
            ask(100);
            full = writer.reply(100, 100 << 10);
            assertTrue(i < 1000, "no limit");
        }
    }

    @Test
    void close_free_sendsTheAlertOfTheEngine() throws IOException {
        writer.close(false);
        below.close(false, () -> {});
        assertArrayEquals(record(END), below.written());
        assertThrows(IOException.class, () -> writer.write(plain(1)));
        assertEquals(0, below.written().length);
    }

    @Test
    void close_freeAndSuppressed_sendsNothing() throws IOException {
        close();
        assertEquals(0, below.writes);
        assertThrows(ClosedChannelException.class, () -> writer.write(plain(1)));
    }

    @Test
    void close_freeWithoutRoom_theTransportHasTheRecordUntilTheEnd() throws IOException {
        below.room = 0;
        writer.close(false);
        below.close(false, () -> {});
        assertNotNull(below.lent);
        assertNotReleased();
        below.writable();
        assertNotReleased();
    }

    @Test
    void close_parked_theTransportHasTheRecordsUntilTheEnd() throws IOException {
        writeWithoutRoom(plain(1));
        close();
        assertNotReleased();
        int before = below.writes;
        below.writable();
        assertNotReleased();
        assertEquals(before, below.writes, "no record is sent after the close");
    }

    /** Fails if the buffer of the transport below is in the pool. */
    private void assertNotReleased() {
        ByteBuffer lent = below.lent;
        ByteBuffer next = loop.chunks().acquire(BufferPool.SMALL);
        assertFalse(next == lent, "the transport below has the buffer still");
        loop.chunks().release(next);
    }

    @Test
    void close_lentWithASignal_theTransportHasTheRecordsUntilTheEnd() throws IOException {
        writeWithoutRoom(plain(1));
        ask(1);
        duringWrap = once(below::writable);
        loop.outside(() -> {
            try {
                writer.reply(1, 0);
            } catch (SSLException e) {
                throw new AssertionError(e);
            }
        });
        close();
        int before = below.writes;
        loop.runAll();
        assertEquals(before, below.writes);
        assertNotReleased();
    }

    @Test
    void close_running_makesNoMoreRecords() throws IOException {
        ask(1);
        ByteBuffer plain = plain(1);
        below.duringWrite = once(() -> {
            assertEquals(0, tryWrite(plain));
            writer.close(true);
        });
        writer.flush();
        assertArrayEquals(record(ANSWER), below.written());
        assertThrows(ClosedChannelException.class, () -> writer.write(plain));
        assertEquals(1, plain.remaining());
    }

    @Test
    void close_held_continuesTheReadingHalf() throws IOException {
        holdTheReadingHalf();
        int[] continued = new int[1];
        assertTrue(writer.holds(() -> continued[0]++));
        close();
        loop.runAll();
        assertEquals(1, continued[0]);
    }
}
