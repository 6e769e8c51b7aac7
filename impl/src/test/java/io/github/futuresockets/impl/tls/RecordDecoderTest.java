package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.futuresockets.impl.common.TruncatedStreamException;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.TestCertificates;
import io.github.futuresockets.impl.tls.RecordDecoder.Step;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLProtocolException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The reading half of TLS, with an engine without encryption. */
class RecordDecoderTest {
    private final ScriptedLoop loop = new ScriptedLoop();
    private final BufferPool chunks = loop.chunks();
    private final SSLSession session =
            TestCertificates.client().createSSLEngine().getSession();
    private final PlainEngine engine = PlainEngine.opened(session);
    private final RecordDecoder reading = new RecordDecoder(engine, chunks);
    private final RecordEncoder writing = new RecordEncoder(engine, chunks);
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    @AfterEach
    void afterTheDrop_noBufferIsLeft() {
        reading.drop();
        writing.drop();
        loop.assertAllReleased();
    }

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

    @Test
    void step_streamIsCutAnywhere_givesTheSameBytes() throws SSLException {
        byte[] stream = PlainEngine.join(
                PlainEngine.record(PlainEngine.DATA, (byte) 1, (byte) 2),
                PlainEngine.record(PlainEngine.DATA),
                PlainEngine.record(PlainEngine.DATA, (byte) 3),
                PlainEngine.record(PlainEngine.END));
        for (int first = 1; first < stream.length; first++) {
            for (int second = first; second < stream.length; second++) {
                RecordDecoderTest fresh = new RecordDecoderTest();
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
    void step_piecesOfAnySize_giveTheBytesWritten() throws SSLException {
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
    void step_dataBeforeAFailure_isRead() throws SSLException {
        byte[] both = PlainEngine.join(
                PlainEngine.record(PlainEngine.DATA, (byte) 1, (byte) 2), PlainEngine.record((byte) 99));
        arrive(both, 0, both.length);
        assertThrows(SSLException.class, this::drain);
        assertArrayEquals(new byte[] {1, 2}, read.toByteArray());
        assertThrows(SSLException.class, this::drain, "it stays failed");
    }

    @Test
    void step_recordIsTooLong_fails() {
        byte[] header = PlainEngine.record(PlainEngine.DATA);
        header[3] = (byte) 0x7f;
        arrive(header, 0, header.length);
        assertThrows(SSLException.class, this::drain);
    }

    @Test
    void step_emptyRecordsWithoutData_areBounded() throws SSLException {
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
    void takeResponsesDue_recordNeedsAnswer_isReportedOnce() throws SSLException {
        byte[] question = PlainEngine.record(PlainEngine.QUESTION);
        arrive(question, 0, question.length);
        assertEquals(Step.MORE, drain());
        assertEquals(1, reading.takeResponsesDue());
        assertEquals(0, reading.takeResponsesDue());
        writing.wrap(RecordWriter.FLUSH);
        assertEquals(PlainEngine.ANSWER, writing.out().get());
    }

    @Test
    void step_renegotiation_isRefused() throws SSLException {
        reading.open();
        byte[] question = PlainEngine.record(PlainEngine.QUESTION);
        arrive(question, 0, question.length);
        SSLException refused = assertThrows(SSLException.class, this::drain);
        assertTrue(refused.getMessage().contains("renegotiate"), refused.getMessage());
    }

    @Test
    void step_afterTheEnd_dropsFurtherData() throws SSLException {
        byte[] stream =
                PlainEngine.join(PlainEngine.record(PlainEngine.END), PlainEngine.record(PlainEngine.DATA, (byte) 1));
        arrive(stream, 0, stream.length);
        assertEquals(Step.END, drain());
        assertEquals(Step.END, drain());
        reading.cut();
        assertEquals(0, read.size());
    }

    @Test
    void cut_withoutCloseNotify_isATruncation() {
        assertThrows(TruncatedStreamException.class, reading::cut);
    }

    @Test
    void take_lessThanTheRecord_keepsTheRest() throws SSLException {
        byte[] record = PlainEngine.record(PlainEngine.DATA, (byte) 1, (byte) 2, (byte) 3);
        arrive(record, 0, record.length);
        assertEquals(Step.DATA, reading.step());
        ByteBuffer first = reading.take(2);
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), first);
        chunks.release(first);
        assertEquals(Step.MORE, drain());
        assertArrayEquals(new byte[] {3}, read.toByteArray());
    }

    @Test
    void add_afterTheDrop_keepsNoBytes() throws SSLException {
        byte[] record = PlainEngine.record(PlainEngine.DATA, (byte) 1);
        arrive(record, 0, record.length);
        assertEquals(Step.DATA, reading.step());
        reading.drop();
        arrive(record, 0, record.length);
        assertEquals(Step.MORE, drain());
        assertFalse(reading.isWithinRecord());
        reading.cut();
        assertEquals(0, read.size());
    }

    @Test
    void ignore_changeCipherSpec_isDroppedOnlyInAHandshakeOf13() {
        byte[] change = {20, 3, 3, 0, 1, 1};
        for (String protocol : new String[] {"NONE", "TLSv1.2", "TLSv1.3"}) {
            SSLSession shaking = mock(SSLSession.class);
            when(shaking.getProtocol()).thenReturn(protocol);
            RecordDecoder mine = new RecordDecoder(
                    new PlainEngine(session) {
                        @Override
                        public SSLSession getHandshakeSession() {
                            return shaking;
                        }
                    },
                    chunks);
            mine.add(chunks.acquire(change.length).put(change).flip());
            assertEquals(protocol.equals("TLSv1.3") ? change.length : 0, mine.ignore());
            mine.drop();
        }
        RecordDecoder without = new RecordDecoder(engine, chunks);
        without.add(chunks.acquire(change.length).put(change).flip());
        assertEquals(0, without.ignore());
        without.drop();
    }
}
