package io.github.futuresockets.impl.tls;

import static io.github.futuresockets.impl.tls.PlainEngine.ANSWER;
import static io.github.futuresockets.impl.tls.PlainEngine.DATA;
import static io.github.futuresockets.impl.tls.PlainEngine.END;
import static io.github.futuresockets.impl.tls.PlainEngine.HELLO;
import static io.github.futuresockets.impl.tls.PlainEngine.QUESTION;
import static io.github.futuresockets.impl.tls.PlainEngine.join;
import static io.github.futuresockets.impl.tls.PlainEngine.record;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.common.TruncatedStreamException;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reading half and the signals of TLS over a scripted transport, with an engine without encryption. */
class TlsTransportTest {
    private static final SSLSession SESSION = mock(SSLSession.class);
    private static final int MAX = 1 << 16;

    static {
        when(SESSION.getProtocol()).thenReturn("TLSv1.3");
    }

    private final ScriptedLoop loop = new ScriptedLoop();
    private final ScriptedTransport below = new ScriptedTransport(loop);
    private final TlsExecutor tasks = new TlsExecutor(Supplies.Threads.JVM);

    /** Runs in front of each task of the engine, on the thread of the task. */
    private Runnable beforeTask = () -> {};

    /** A HELLO record after the handshake gives the engine a task, like a key update of an engine of the JDK. */
    private final PlainEngine engine = new PlainEngine(SESSION) {
        private boolean greeted;
        private boolean later;

        @Override
        public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer[] dsts, int offset, int length) throws SSLException {
            byte kind = src.hasRemaining() ? src.get(src.position()) : 0;
            var result = super.unwrap(src, dsts, offset, length);
            later |= greeted && kind == HELLO && result.bytesConsumed() > 0;
            greeted |= kind == HELLO;
            return later
                    ? new SSLEngineResult(
                            result.getStatus(), getHandshakeStatus(), result.bytesConsumed(), result.bytesProduced())
                    : result;
        }

        @Override
        public HandshakeStatus getHandshakeStatus() {
            return later ? HandshakeStatus.NEED_TASK : super.getHandshakeStatus();
        }

        @Override
        public Runnable getDelegatedTask() {
            Runnable task = super.getDelegatedTask();
            return task == null
                    ? null
                    : () -> {
                        beforeTask.run();
                        later = false;
                        task.run();
                    };
        }
    };

    private final TlsTransport tls = new TlsTransport(below, engine, tasks);

    /** Counts the signals. */
    private static final class Signals implements Transport.Listener {
        int readable;
        int writable;
        int received;
        int sent;

        @Override
        public void readable() {
            readable++;
        }

        @Override
        public void writable() {
            writable++;
        }

        @Override
        public void received() {
            received++;
        }

        @Override
        public void sent() {
            sent++;
        }
    }

    private final Signals signals = new Signals();

    @BeforeEach
    void open() {
        loop.takesLong = true;
        tls.listen(signals);
        below.arrive(record(HELLO));
        IOException[] failure = {new IOException("not ended")};
        tls.open(null, why -> failure[0] = why);
        assertNull(failure[0]);
        assertArrayEquals(record(HELLO), below.written());
    }

    @AfterEach
    void afterTheClose_noBufferIsLeft() {
        if (below.closed == null) {
            tls.close(true, () -> {});
        }
        below.closed.run();
        tls.released();
        assertTrue(below.released);
        tasks.shutdown();
        loop.assertAllReleased();
    }

    private static byte[] data(int... bytes) {
        byte[] content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        return record(DATA, content);
    }

    /** Reads, and fails unless these bytes come. */
    private void assertReads(int... bytes) throws IOException {
        ByteBuffer chunk = tls.read(MAX, false);
        byte[] content = new byte[chunk.remaining()];
        chunk.get(content);
        if (chunk != Transport.NOTHING) {
            loop.chunks().release(chunk);
        }
        assertArrayEquals(
                Arrays.copyOfRange(data(bytes), PlainEngine.HEADER, PlainEngine.HEADER + bytes.length), content);
    }

    private void assertReadsNothing() throws IOException {
        assertSame(Transport.NOTHING, tls.read(MAX, false));
    }

    @Test
    void read_withoutBytes_findsNothingUntilTheSignal() throws IOException {
        assertReadsNothing();
        tls.awaitReadable();
        assertEquals(1, below.readRequests);
        below.arrive(data(1, 2)).readable();
        assertEquals(1, signals.readable);
        assertReads(1, 2);
    }

    @Test
    void read_lessThanTheRecord_keepsTheRest() throws IOException {
        below.arrive(data(1, 2, 3));
        ByteBuffer first = tls.read(2, false);
        assertEquals(2, first.remaining());
        loop.chunks().release(first);
        assertReads(3);
    }

    @Test
    void isWithinRecord_partOfARecordHasArrived_isTrue() throws IOException {
        byte[] record = data(1, 2, 3);
        assertFalse(tls.isWithinRecord());
        below.arrive(Arrays.copyOfRange(record, 0, 6));
        assertReadsNothing();
        assertEquals(1, signals.received);
        assertTrue(tls.isWithinRecord());
        below.arrive(Arrays.copyOfRange(record, 6, record.length));
        assertReads(1, 2, 3);
        assertFalse(tls.isWithinRecord());
    }

    @Test
    void read_closeNotify_isTheEnd() throws IOException {
        below.arrive(data(1)).arrive(record(END)).arrive(data(2));
        assertReads(1);
        assertNull(tls.read(MAX, false));
        assertNull(tls.read(MAX, false));
    }

    @Test
    void read_endWithoutCloseNotify_isATruncation() throws IOException {
        below.arrive(data(1)).end();
        assertReads(1);
        assertThrows(IOException.class, () -> tls.read(MAX, false));
        IOException cut = assertThrows(IOException.class, () -> tls.read(MAX, false));
        assertTrue(cut instanceof TruncatedStreamException || cut.getCause() instanceof TruncatedStreamException);
    }

    @Test
    void read_transportFails_fails() {
        IOException broken = new IOException("broken");
        below.fail(broken);
        assertSame(broken, assertThrows(IOException.class, () -> tls.read(MAX, false)));
    }

    @Test
    void read_engineFails_closeSendsTheAlert() {
        below.arrive(record((byte) 99));
        assertThrows(SSLException.class, () -> tls.read(MAX, false));
        tls.close(false, () -> {});
        assertArrayEquals(record(END), below.written());
    }

    @Test
    void read_tooManyRecordsWithoutData_closeSendsNothing() {
        for (int i = 0; i <= RecordDecoder.MOST_WITHOUT_DATA; i++) {
            below.arrive(record(DATA));
        }
        assertThrows(SSLException.class, () -> tls.read(MAX, false));
        tls.close(false, () -> {});
        assertEquals(0, below.written().length);
    }

    @Test
    void read_question_isAnswered() throws IOException {
        below.arrive(record(QUESTION)).arrive(data(1));
        assertReads(1);
        assertArrayEquals(record(ANSWER), below.written());
    }

    @Test
    void read_tasksWithinTheCall_readsOn() throws IOException {
        below.arrive(join(record(HELLO), data(1)));
        assertReads(1);
    }

    @Test
    void read_tasksRun_findsNothingUntilTheirEnd() throws Exception {
        loop.takesLong = false;
        CountDownLatch goOn = new CountDownLatch(1);
        beforeTask = () -> await(goOn);
        below.arrive(join(record(HELLO), data(1)));
        assertReadsNothing();
        assertReadsNothing();
        assertTrue(tls.isWithinRecord());
        tls.awaitReadable();
        assertEquals(0, below.readRequests);
        assertEquals(0, signals.readable);
        goOn.countDown();
        loop.runNext();
        assertEquals(1, signals.readable);
        assertReads(1);
    }

    @Test
    void settles_tasksRun_settlesAfterTheirEnd() throws Exception {
        loop.takesLong = false;
        CountDownLatch goOn = new CountDownLatch(1);
        beforeTask = () -> await(goOn);
        below.arrive(join(record(HELLO), data(1)));
        assertSame(Transport.NOTHING, tls.read(MAX, true));
        int[] settled = new int[1];
        assertFalse(tls.settles(() -> settled[0]++));
        loop.runAll();
        assertEquals(0, settled[0]);
        goOn.countDown();
        loop.runNext();
        assertEquals(1, settled[0]);
        assertReads(1);
        assertTrue(tls.settles(() -> settled[0]++));
        assertEquals(1, settled[0]);
    }

    @Test
    void settles_tasksHaveJustEnded_settlesSoon() throws Exception {
        loop.takesLong = false;
        below.arrive(join(record(HELLO), data(1)));
        assertReadsNothing();
        int[] settled = new int[1];
        assertFalse(tls.settles(() -> settled[0]++));
        loop.runNext();
        loop.runNext();
        assertEquals(1, settled[0]);
    }

    @Test
    void read_tasksFail_failsAfterTheSignal() throws Exception {
        loop.takesLong = false;
        Error broken = new Error("broken");
        beforeTask = () -> {
            throw broken;
        };
        below.arrive(record(HELLO));
        assertReadsNothing();
        loop.runNext();
        assertEquals(1, signals.readable);
        IOException failure = assertThrows(IOException.class, () -> tls.read(MAX, false));
        assertTrue(failure.toString().contains("broken"), failure.toString());
    }

    @Test
    void close_tasksRun_sendsNoSignalAfterwards() throws Exception {
        loop.takesLong = false;
        CountDownLatch goOn = new CountDownLatch(1);
        beforeTask = () -> await(goOn);
        below.arrive(record(HELLO));
        assertReadsNothing();
        tls.close(false, () -> {});
        int received = signals.received;
        goOn.countDown();
        loop.runNext();
        assertEquals(0, signals.readable);
        assertEquals(received, signals.received);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets the peer ask until no further record is decrypted, because too many answers wait. */
    private void fill() throws IOException {
        below.room = 0;
        byte[] questions = new byte[0];
        for (int i = 0; i < 100; i++) {
            questions = join(questions, record(QUESTION));
        }
        byte[] offset = record(DATA, new byte[10 << 10]);
        for (int i = 0; below.isDrained(); i++) {
            assertTrue(i < 10_000, "no limit");
            for (int j = 0; j < 10; j++) {
                below.arrive(offset);
            }
            below.arrive(questions);
            for (ByteBuffer each = tls.read(MAX, false); each != Transport.NOTHING; each = tls.read(MAX, false)) {
                loop.chunks().release(each);
            }
        }
    }

    @Test
    void read_tooManyAnswersWait_findsNothingUntilTheyHaveLeft() throws IOException {
        fill();
        assertReadsNothing();
        assertTrue(tls.isWithinRecord());
        int before = below.readRequests;
        tls.awaitReadable();
        assertEquals(before, below.readRequests, "the signal comes when the answers have left");
        below.room = Integer.MAX_VALUE;
        below.writable();
        loop.runAll();
        assertEquals(1, signals.readable);
        below.arrive(data(1));
        ByteBuffer more = tls.read(MAX, false);
        assertTrue(more.hasRemaining());
        loop.chunks().release(more);
    }

    @Test
    void close_tooManyAnswersWait_sendsNoSignalAfterwards() throws IOException {
        fill();
        tls.close(true, () -> {});
        loop.runAll();
        assertEquals(0, signals.readable);
    }

    @Test
    void write_withoutRoom_signalComesToTheListener() throws IOException {
        ByteBuffer plain = ByteBuffer.wrap(new byte[] {1});
        below.room = 3;
        assertEquals(0, tls.write(plain));
        assertEquals(1, signals.sent);
        tls.awaitWritable();
        assertEquals(0, signals.writable);
        below.room = MAX;
        below.writable();
        assertEquals(1, signals.writable);
        assertEquals(1, tls.write(plain));
        assertArrayEquals(data(1), below.written());
    }

    @Test
    void close_writeWaits_sendsNoSignalAfterwards() throws IOException {
        below.room = 0;
        assertEquals(0, tls.write(ByteBuffer.wrap(new byte[] {1})));
        tls.awaitWritable();
        tls.close(false, () -> {});
        below.writable();
        below.readable();
        loop.runAll();
        assertEquals(0, signals.writable + signals.readable);
    }

    @Test
    void close_signalIsOnItsWay_isDropped() throws IOException {
        assertEquals(1, tls.write(ByteBuffer.wrap(new byte[] {1})));
        tls.awaitWritable();
        tls.close(false, () -> {});
        loop.runAll();
        assertEquals(0, signals.writable);
    }

    @Test
    void listen_laterListener_getsTheSignals() throws IOException {
        assertReadsNothing();
        tls.awaitReadable();
        Signals successor = new Signals();
        tls.listen(successor);
        below.readable();
        assertEquals(0, signals.readable);
        assertEquals(1, successor.readable);
    }

    @Test
    void listen_whileTooManyAnswersWait_laterListenerGetsTheSignal() throws IOException {
        fill();
        Signals successor = new Signals();
        tls.listen(successor);
        below.room = Integer.MAX_VALUE;
        below.writable();
        loop.runAll();
        assertEquals(0, signals.readable);
        assertEquals(1, successor.readable);
    }

    @Test
    void shutdownOutput_open_sendsCloseNotify() throws IOException {
        assertTrue(tls.shutdownOutput(false));
        assertArrayEquals(record(END), below.written());
        assertTrue(below.outputEnded);
    }

    @Test
    void close_open_sendsNoCloseNotify() {
        tls.close(false, () -> {});
        assertEquals(0, below.written().length);
    }
}
