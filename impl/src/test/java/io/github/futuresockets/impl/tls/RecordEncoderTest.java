package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.TestCertificates;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The writing half of TLS, with an engine without encryption. */
class RecordEncoderTest {
    private static final int MANY = 10_000;

    private final ScriptedLoop loop = new ScriptedLoop();
    private final BufferPool chunks = loop.chunks();
    private final SSLSession session =
            TestCertificates.client().createSSLEngine().getSession();
    private final PlainEngine engine = PlainEngine.opened(session);
    private final RecordEncoder writing = new RecordEncoder(engine, chunks);

    @AfterEach
    void afterTheDrop_noBufferIsLeft() {
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

    private void arrive(byte[] bytes) throws SSLException {
        engine.unwrap(ByteBuffer.wrap(bytes), ByteBuffer.allocate(PlainEngine.MAX));
    }

    @Test
    void wrap_largeChunk_becomesFullRecordsInOneCall() throws SSLException {
        byte[] bytes = numbered(BufferPool.LARGE);
        assertEquals(bytes.length, writing.wrap(ByteBuffer.wrap(bytes)));
        assertEquals(bytes.length + 4 * PlainEngine.HEADER, writing.out().remaining());
    }

    @Test
    void wrap_engineHasAnswer_sendsTheAnswerFirst() throws SSLException {
        byte[] question = PlainEngine.record(PlainEngine.QUESTION);
        arrive(question);
        assertEquals(1, writing.wrap(ByteBuffer.wrap(new byte[] {7})));
        byte[] sent = new byte[writing.out().remaining()];
        writing.out().get(sent);
        assertArrayEquals(
                PlainEngine.join(
                        PlainEngine.record(PlainEngine.ANSWER), PlainEngine.record(PlainEngine.DATA, (byte) 7)),
                sent);
    }

    @Test
    void end_calledTwice_isSentOnceAndLast() throws SSLException {
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
    void wrap_engineTakesNoData_fails() {
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
        mine.drop();
        assertTrue(failure.getMessage().contains("takes no data"), failure.getMessage());
    }

    @Test
    void answerAhead_nothingToSend_takesNoBuffer() throws SSLException {
        writing.wrap(ByteBuffer.wrap(new byte[] {7}));
        assertTrue(writing.answerAhead());
        writing.release();
        writing.wrap(ByteBuffer.wrap(new byte[] {8}));
        assertTrue(writing.out().hasRemaining());
    }

    @Test
    void answerAhead_dataWaits_followsTheData() throws SSLException {
        writing.wrap(ByteBuffer.wrap(new byte[] {7}));
        byte[] question = PlainEngine.record(PlainEngine.QUESTION);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(PlainEngine.record(PlainEngine.DATA, (byte) 7));
        for (int i = 0; i < 20_000; i++) {
            arrive(question);
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
    void wrap_engineFailsAfterARecord_keepsNoBuffer() throws SSLException {
        RecordEncoder mine = new RecordEncoder(
                new PlainEngine(session) {
                    @Override
                    public SSLEngineResult wrap(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst) {
                        if (dst.position() > 0) {
                            throw new IllegalStateException("broken");
                        }
                        return super.wrap(srcs, offset, length, dst);
                    }
                },
                chunks);
        ByteBuffer plain = ByteBuffer.wrap(new byte[2 * PlainEngine.MAX]);
        assertThrows(IllegalStateException.class, () -> mine.wrap(plain));
        assertEquals(PlainEngine.MAX, plain.remaining());
        mine.drop();
        mine.drop();
        assertFalse(mine.out().hasRemaining());
    }
}
