package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.common.TruncatedStreamException;
import io.github.futuresockets.impl.memory.MemoryLoop;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.TestCertificates;
import io.github.futuresockets.impl.tls.RecordDecoder.Step;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLProtocolException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;

/** The two halves of TLS and the handshake steps, with an engine without encryption. */
class TlsStepsTest {
    private static final int MANY = 10_000;

    private final BufferPool chunks = new MemoryLoop(Supplies.Memory.JVM).chunks();
    private final SSLSession session =
            TestCertificates.client().createSSLEngine().getSession();
    private final PlainEngine engine = PlainEngine.opened(session);
    private final RecordDecoder reading = new RecordDecoder(engine, chunks);
    private final RecordEncoder writing = new RecordEncoder(engine, chunks);
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    private static byte[] numbered(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i ^ i >> 8);
        }
        return bytes;
    }

    private void arrive(byte[] bytes, int from, int to) {
        ByteBuffer chunk = chunks.acquire(to - from);
        reading.add(chunk.put(bytes, from, to - from).flip());
    }

    /** Reads all available data. Returns the first step without data. */
    private Step drain() throws SSLException {
        Step step = reading.step();
        while (step == Step.DATA) {
            ByteBuffer bytes = reading.take(BufferPool.LARGE);
            while (bytes.hasRemaining()) {
                read.write(bytes.get());
            }
            chunks.release(bytes);
            step = reading.step();
        }
        return step;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] each : parts) {
            all.writeBytes(each);
        }
        return all.toByteArray();
    }

    @Test
    void reading_aStreamThatIsCutAnywhereGivesTheSameBytes() throws SSLException {
        byte[] stream = join(
                PlainEngine.record(PlainEngine.DATA, (byte) 1, (byte) 2),
                PlainEngine.record(PlainEngine.DATA),
                PlainEngine.record(PlainEngine.DATA, (byte) 3),
                PlainEngine.record(PlainEngine.END));
        for (int first = 1; first < stream.length; first++) {
            for (int second = first; second < stream.length; second++) {
                TlsStepsTest fresh = new TlsStepsTest();
                int begin = 0;
                for (int cut : new int[] {first, second}) {
                    if (cut > begin) {
                        fresh.arrive(stream, begin, cut);
                        assertEquals(Step.MORE, fresh.drain());
                        begin = cut;
                    }
                }
                fresh.arrive(stream, begin, stream.length);
                assertEquals(Step.END, fresh.drain());
                assertArrayEquals(new byte[] {1, 2, 3}, fresh.read.toByteArray(), first + ", " + second);
            }
        }
    }

    @Test
    void reading_piecesOfAnySize_givesBytesWritten() throws SSLException {
        Random random = Seeds.random("pieces");
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        byte[] bytes = numbered(3 << 20);
        for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
            ByteBuffer piece = rest.slice().limit(Math.min(rest.remaining(), 1 + random.nextInt(100_000)));
            rest.position(rest.position() + piece.limit());
            while (piece.hasRemaining()) {
                writing.wrap(piece);
                while (writing.out().hasRemaining()) {
                    sent.write(writing.out().get());
                }
                writing.release();
            }
        }
        byte[] stream = sent.toByteArray();
        for (int begin = 0; begin < stream.length; ) {
            int end = Math.min(stream.length, begin + 1 + random.nextInt(BufferPool.LARGE));
            arrive(stream, begin, end);
            assertEquals(Step.MORE, drain());
            begin = end;
        }
        assertArrayEquals(bytes, read.toByteArray());
    }

    @Test
    void reading_dataBeforeFailure_isRead() throws SSLException {
        byte[] both = join(PlainEngine.record(PlainEngine.DATA, (byte) 1, (byte) 2), PlainEngine.record((byte) 99));
        arrive(both, 0, both.length);
        assertThrows(SSLException.class, this::drain);
        assertArrayEquals(new byte[] {1, 2}, read.toByteArray());
        assertThrows(SSLException.class, this::drain, "it stays failed");
    }

    @Test
    void reading_aRecordThatIsTooLongFails() {
        byte[] header = PlainEngine.record(PlainEngine.DATA);
        header[3] = (byte) 0x7f;
        arrive(header, 0, header.length);
        assertThrows(SSLException.class, this::drain);
    }

    @Test
    void reading_emptyRecordsWithoutData_areBounded() throws SSLException {
        byte[] empty = PlainEngine.record(PlainEngine.DATA);
        byte[] one = PlainEngine.record(PlainEngine.DATA, (byte) 1);
        for (int i = 0; i < 10 * RecordDecoder.MOST_WITHOUT_DATA; i++) {
            arrive(empty, 0, empty.length);
            drain();
            arrive(one, 0, one.length);
            drain();
        }
        for (int i = 0; i < RecordDecoder.MOST_WITHOUT_DATA; i++) {
            arrive(empty, 0, empty.length);
            assertEquals(Step.MORE, drain());
        }
        arrive(empty, 0, empty.length);
        assertThrows(SSLProtocolException.class, this::drain);
    }

    @Test
    void reading_recordNeedsAnswer_isReportedOnce() throws SSLException {
        byte[] question = PlainEngine.record(PlainEngine.QUESTION);
        arrive(question, 0, question.length);
        assertEquals(Step.MORE, drain());
        assertEquals(1, reading.takeResponsesDue());
        assertEquals(0, reading.takeResponsesDue());
        writing.wrap(RecordWriter.FLUSH);
        assertEquals(PlainEngine.ANSWER, writing.out().get());
    }

    @Test
    void reading_aRenegotiationIsRefused() throws SSLException {
        reading.open();
        byte[] question = PlainEngine.record(PlainEngine.QUESTION);
        arrive(question, 0, question.length);
        SSLException refused = assertThrows(SSLException.class, this::drain);
        assertTrue(refused.getMessage().contains("renegotiate"), refused.getMessage());
    }

    @Test
    void reading_afterEnd_dropsFurtherData() throws SSLException {
        byte[] stream = join(PlainEngine.record(PlainEngine.END), PlainEngine.record(PlainEngine.DATA, (byte) 1));
        arrive(stream, 0, stream.length);
        assertEquals(Step.END, drain());
        assertEquals(Step.END, drain());
        reading.cut();
        assertEquals(0, read.size());
    }

    @Test
    void reading_anEndOfTheConnectionAloneIsATruncation() {
        assertThrows(TruncatedStreamException.class, reading::cut);
    }

    @Test
    void writing_aLargeChunkBecomesFullRecordsForOneCall() throws SSLException {
        byte[] bytes = numbered(BufferPool.LARGE);
        assertEquals(bytes.length, writing.wrap(ByteBuffer.wrap(bytes)));
        assertEquals(bytes.length + 4 * PlainEngine.HEADER, writing.out().remaining());
    }

    @Test
    void writing_engineHasAnswer_sendsAnswerFirst() throws SSLException {
        byte[] question = PlainEngine.record(PlainEngine.QUESTION);
        arrive(question, 0, question.length);
        drain();
        assertEquals(1, writing.wrap(ByteBuffer.wrap(new byte[] {7})));
        byte[] sent = new byte[writing.out().remaining()];
        writing.out().get(sent);
        assertArrayEquals(
                join(PlainEngine.record(PlainEngine.ANSWER), PlainEngine.record(PlainEngine.DATA, (byte) 7)), sent);
    }

    @Test
    void writing_end_isSentOnceAndLast() throws SSLException {
        writing.end();
        byte[] end = PlainEngine.record(PlainEngine.END);
        byte[] sent = new byte[writing.out().remaining()];
        writing.out().get(sent);
        assertArrayEquals(end, sent);
        writing.release();
        writing.end();
        assertFalse(writing.out().hasRemaining());
        assertThrows(SSLException.class, () -> writing.wrap(ByteBuffer.wrap(new byte[1])));
    }

    @Test
    void handshake_steps_areGivenInOrder() throws SSLException {
        PlainEngine fresh = new PlainEngine(session);
        RecordDecoder mine = new RecordDecoder(fresh, chunks);
        HandshakeStep handshake = new HandshakeStep(fresh, mine);
        assertEquals(HandshakeStep.Next.WRITE, handshake.next());
        RecordEncoder out = new RecordEncoder(fresh, chunks);
        out.wrap(RecordWriter.FLUSH);
        assertEquals(PlainEngine.HEADER, out.out().remaining());
        assertEquals(HandshakeStep.Next.READ, handshake.next());
        byte[] hello = PlainEngine.record(PlainEngine.HELLO);
        for (int i = 0; i < hello.length; i++) {
            assertEquals(HandshakeStep.Next.READ, handshake.next());
            mine.add(chunks.acquire(1).put(hello, i, 1).flip());
        }
        assertEquals(HandshakeStep.Next.TASKS, handshake.next());
        fresh.getDelegatedTask().run();
        assertEquals(HandshakeStep.Next.DONE, handshake.next());
    }

    @Test
    void handshake_thatGoesOnForEverIsEnded() throws SSLException {
        PlainEngine fresh = new PlainEngine(session);
        RecordDecoder mine = new RecordDecoder(fresh, chunks);
        HandshakeStep handshake = new HandshakeStep(fresh, mine);
        handshake.next();
        new RecordEncoder(fresh, chunks).wrap(RecordWriter.FLUSH);
        byte[] nothing = PlainEngine.record(PlainEngine.ANSWER, new byte[PlainEngine.MAX]);
        assertThrows(SSLException.class, () -> {
            for (int i = 0; i <= HandshakeStep.MAX_BYTES / PlainEngine.MAX; i++) {
                mine.add(chunks.acquire(nothing.length).put(nothing).flip());
                handshake.next();
            }
        });
    }

    @Test
    void handshake_dataThatComesTooEarlyIsRefused() throws SSLException {
        PlainEngine fresh = new PlainEngine(session);
        RecordDecoder mine = new RecordDecoder(fresh, chunks);
        HandshakeStep handshake = new HandshakeStep(fresh, mine);
        handshake.next();
        new RecordEncoder(fresh, chunks).wrap(RecordWriter.FLUSH);
        byte[] data = PlainEngine.record(PlainEngine.DATA, Arrays.copyOf(new byte[0], 3));
        mine.add(chunks.acquire(data.length).put(data).flip());
        assertThrows(SSLException.class, handshake::next);
    }

    /** An engine that always reports the same status, and makes no progress. */
    private final class Stuck extends PlainEngine {
        private final HandshakeStatus status;

        Stuck(HandshakeStatus status) {
            super(session);
            this.status = status;
        }

        @Override
        public HandshakeStatus getHandshakeStatus() {
            return status;
        }

        @Override
        public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer[] dsts, int offset, int length) {
            return new SSLEngineResult(Status.OK, status, 0, 0);
        }
    }

    @Test
    void handshake_anEngineWithoutProgress_isEnded() throws SSLException {
        for (HandshakeStatus status :
                new HandshakeStatus[] {HandshakeStatus.NEED_UNWRAP, HandshakeStatus.NEED_WRAP, HandshakeStatus.NEED_TASK
                }) {
            PlainEngine stuck = new Stuck(status);
            RecordDecoder mine = new RecordDecoder(stuck, chunks);
            mine.add(chunks.acquire(100).put(new byte[100]).flip());
            HandshakeStep handshake = new HandshakeStep(stuck, mine);
            SSLException failure = assertThrows(SSLException.class, () -> {
                for (int i = 0; i < MANY; i++) {
                    handshake.next();
                }
            });
            assertTrue(failure.getMessage().contains("no progress: " + status), failure.getMessage());
        }
    }

    @Test
    void writing_anEngineThatTakesNoData_isEnded() {
        PlainEngine talking = new PlainEngine(session) {
            @Override
            public SSLEngineResult wrap(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst) {
                boolean full = dst.remaining() < HEADER;
                dst.put(full ? new byte[0] : record(ANSWER));
                return new SSLEngineResult(
                        full ? Status.BUFFER_OVERFLOW : Status.OK, HandshakeStatus.NEED_WRAP, 0, full ? 0 : HEADER);
            }
        };
        RecordEncoder mine = new RecordEncoder(talking, chunks);
        ByteBuffer plain = ByteBuffer.wrap(new byte[100]);
        SSLException failure = assertThrows(SSLException.class, () -> {
            for (int i = 0; i < MANY; i++) {
                mine.wrap(plain);
                mine.release();
            }
        });
        assertTrue(failure.getMessage().contains("takes no data"), failure.getMessage());
    }

    @Test
    void writing_answersAhead_followWaitingData() throws SSLException {
        writing.wrap(ByteBuffer.wrap(new byte[] {7}));
        byte[] question = PlainEngine.record(PlainEngine.QUESTION);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(PlainEngine.record(PlainEngine.DATA, (byte) 7));
        for (int i = 0; i < 20_000; i++) {
            arrive(question, 0, question.length);
            drain();
            reading.takeResponsesDue();
            arrive(PlainEngine.record(PlainEngine.DATA, (byte) 1), 0, PlainEngine.HEADER + 1);
            drain();
            assertTrue(writing.answerAhead());
            expected.writeBytes(PlainEngine.record(PlainEngine.ANSWER));
        }
        assertEquals(20_000 * PlainEngine.HEADER, writing.ahead());
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        while (writing.out().hasRemaining()) {
            while (writing.out().hasRemaining()) {
                sent.write(writing.out().get());
            }
            writing.release();
        }
        assertEquals(0, writing.ahead());
        assertArrayEquals(expected.toByteArray(), sent.toByteArray());
    }

    @Test
    void records_aChangeCipherSpec_isDroppedOnlyInAHandshakeOf13() {
        PlainEngine shaking = new PlainEngine(session) {
            @Override
            public SSLSession getHandshakeSession() {
                return session;
            }
        };
        assertEquals("NONE", session.getProtocol());
        byte[] change = {20, 3, 3, 0, 1, 1};
        for (PlainEngine each : new PlainEngine[] {engine, shaking}) {
            RecordDecoder mine = new RecordDecoder(each, chunks);
            mine.add(chunks.acquire(change.length).put(change).flip());
            assertEquals(0, mine.ignore());
        }
    }
}
