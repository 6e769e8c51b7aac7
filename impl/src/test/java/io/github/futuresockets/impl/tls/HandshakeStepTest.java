package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.TestCertificates;
import io.github.futuresockets.impl.transport.BufferPool;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;

/** The steps of a handshake, with an engine without encryption. */
class HandshakeStepTest {
    private static final int MANY = 10_000;

    private final BufferPool chunks = new ScriptedLoop().chunks();
    private final SSLSession session =
            TestCertificates.client().createSSLEngine().getSession();

    @Test
    void next_handshakeOfTwoEnds_givesTheStepsInOrder() throws SSLException {
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
    void next_peerSendsForEver_fails() throws SSLException {
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
    void next_manyRecordsAtOnce_takesAllOfThem() throws SSLException {
        PlainEngine fresh = new PlainEngine(session);
        RecordDecoder mine = new RecordDecoder(fresh, chunks);
        HandshakeStep handshake = new HandshakeStep(fresh, mine);
        handshake.next();
        new RecordEncoder(fresh, chunks).wrap(RecordWriter.FLUSH);
        byte[] nothing = PlainEngine.record(PlainEngine.ANSWER);
        for (int i = 0; i < 100; i++) {
            mine.add(chunks.acquire(nothing.length).put(nothing).flip());
        }
        assertEquals(HandshakeStep.Next.READ, handshake.next());
        assertFalse(mine.isWithinRecord());
    }

    @Test
    void next_dataBeforeTheEnd_isRefused() throws SSLException {
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
    void next_engineWithoutProgress_fails() throws SSLException {
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
}
