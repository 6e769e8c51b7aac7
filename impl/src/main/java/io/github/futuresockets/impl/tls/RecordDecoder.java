package io.github.futuresockets.impl.tls;

import io.github.futuresockets.impl.common.TruncatedStreamException;
import io.github.futuresockets.impl.transport.BufferPool;
import java.nio.ByteBuffer;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLProtocolException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The reading half of TLS, from encrypted bytes to plaintext, without I/O. Used by one read at a time. */
final class RecordDecoder {
    /**
     * The most records without data, beyond one for each byte of data. Empty records, warnings, key updates and session
     * tickets carry no data, and cost the receiver more than the sender.
     *
     * <p>The limit is high, because after 128 GiB the JDK asks for new keys with each record until the keys have
     * changed. The answers may arrive in hundreds, as many as there are records in flight.
     */
    static final int MOST_WITHOUT_DATA = 1024;

    private static final String VERSION_1_3 = "TLSv1.3";

    /** The result of {@link #step}. */
    enum Step {
        /** Bytes are ready for {@link #take}. */
        DATA,
        /** More bytes of the peer are needed. */
        MORE,
        /** The tasks of the engine have to run. */
        TASKS,
        /** The peer has ended its stream. */
        END
    }

    private final SSLEngine engine;
    private final BufferPool chunks;
    private final RecordBuffer records;

    // One read's at a time.
    private @Nullable ByteBuffer plain;
    private int withoutData;
    private boolean mayRenegotiate;
    private boolean tasks;
    private int responsesDue;

    /** The number of data bytes since {@link #takeData} was last called. */
    private int data;

    private boolean heard;
    private boolean ended;
    private boolean dropping;
    private boolean failed;

    /** A failure to report after the decrypted bytes have been taken. */
    private @Nullable SSLException failure;

    RecordDecoder(SSLEngine engine, BufferPool chunks) {
        this.engine = engine;
        this.chunks = chunks;
        this.records = new RecordBuffer(chunks);
    }

    /** Buffers the bytes that have arrived. After {@link #drop}, drops the bytes. */
    void add(ByteBuffer arrived) {
        heard = true;
        records.add(arrived);
        if (dropping) {
            records.drop();
        }
    }

    /** Returns true if a byte of the peer has arrived. */
    boolean hasHeard() {
        return heard;
    }

    /** Ends the handshake. From now on a request of the peer to renegotiate, possible before TLS 1.3, is refused. */
    void open() {
        mayRenegotiate = !VERSION_1_3.equals(engine.getSession().getProtocol());
    }

    /** Drops all buffered bytes, and all bytes that arrive later. */
    void drop() {
        dropping = true;
        records.drop();
        if (plain != null) {
            chunks.release(plain);
            plain = null;
        }
    }

    /** Returns the most bytes that the next read of the transport below may bring. */
    int room() {
        return records.room();
    }

    /** Decrypts one record into {@code into}. Returns null if more bytes are needed. */
    @Nullable SSLEngineResult next(ByteBuffer into) throws SSLException {
        if (records.size() == 0) {
            return null;
        }
        SSLEngineResult result = unwrap(into);
        if (isCut(result.getStatus())) {
            records.cut();
            return null;
        }
        records.taken();
        return result;
    }

    /**
     * Drops a change_cipher_spec record that comes next in a handshake of TLS 1.3. Returns the number of dropped bytes,
     * or 0. Because RFC 8446, 5, allows any number of such records, and the JDK's engine ignores only the first, they
     * are dropped here.
     */
    int ignore() {
        return records.isChangeCipherSpec() && isVersion13() ? records.dropChangeCipherSpec() : 0;
    }

    private boolean isVersion13() {
        try {
            SSLSession session = engine.getHandshakeSession();
            return session != null && VERSION_1_3.equals(session.getProtocol());
        } catch (UnsupportedOperationException unknown) {
            return false;
        }
    }

    private SSLEngineResult unwrap(ByteBuffer into) throws SSLException {
        try {
            return engine.unwrap(records.next(), into);
        } catch (SSLException e) {
            failed = true;
            throw e;
        }
    }

    /** Returns true if the engine has failed. A failed engine has an alert to send. */
    boolean hasFailed() {
        return failed;
    }

    /**
     * Returns true if the next record is incomplete. Because an engine may look for room before it looks for the whole
     * record, an overflow counts, too.
     */
    private boolean isCut(Status status) {
        return status == Status.BUFFER_UNDERFLOW || status == Status.BUFFER_OVERFLOW && !records.isWhole();
    }

    /** Decrypts the buffered records, as far as possible. Bytes that are not taken yet come first. */
    Step step() throws SSLException {
        if (plain != null) {
            return Step.DATA;
        }
        if (failure != null) {
            throw failure;
        }
        if (ended) {
            return Step.END;
        }
        if (tasks && engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            return Step.TASKS;
        }
        tasks = false;
        if (records.size() == 0) {
            return Step.MORE;
        }
        ByteBuffer into = chunks.acquire(records.size());
        try {
            Step step = decryptTo(into);
            if (into.position() > 0) {
                plain = into.flip();
                return Step.DATA;
            }
            return step;
        } finally {
            if (plain != into) {
                chunks.release(into);
            }
            if (ended) {
                records.drop();
            }
        }
    }

    /**
     * Decrypts records into {@code into}. A failure after decrypted bytes is reported when the bytes have been taken,
     * however the records have arrived.
     */
    private Step decryptTo(ByteBuffer into) throws SSLException {
        try {
            return decrypt(into);
        } catch (SSLException e) {
            failure = e;
            if (into.position() == 0) {
                throw e;
            }
            return Step.DATA;
        }
    }

    private Step decrypt(ByteBuffer into) throws SSLException {
        while (true) {
            SSLEngineResult result = next(into);
            if (result == null) {
                return Step.MORE;
            }
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                if (into.position() == 0) {
                    throw new SSLProtocolException("a record that does not fit into " + into.capacity() + " bytes");
                }
                return Step.DATA;
            }
            boolean asks = result.bytesProduced() == 0 && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
            responsesDue += asks ? 1 : 0;
            if (result.getStatus() == Status.CLOSED) {
                ended = true;
                return Step.END;
            }
            check(result);
            if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                tasks = true;
                return Step.TASKS;
            }
        }
    }

    /** Refuses a renegotiation, and too many records without data. */
    private void check(SSLEngineResult result) throws SSLException {
        HandshakeStatus status = result.getHandshakeStatus();
        int bytes = result.bytesProduced();
        if (mayRenegotiate
                && bytes == 0
                && (status == HandshakeStatus.NEED_TASK || status == HandshakeStatus.NEED_WRAP)) {
            throw new SSLHandshakeException("the peer wants to renegotiate, which is refused");
        }
        data = (int) Math.min((long) data + bytes, Integer.MAX_VALUE);
        withoutData = bytes > 0 ? Math.max(0, withoutData - bytes) : withoutData + 1;
        if (withoutData > MOST_WITHOUT_DATA) {
            throw new SSLProtocolException("the peer sends record after record without a byte of data");
        }
    }

    /** Returns the number of records that the engine wants to answer, and resets the number to 0. */
    int takeResponsesDue() {
        int wanted = responsesDue;
        responsesDue = 0;
        return wanted;
    }

    /** Returns the number of data bytes since the last call. */
    int takeData() {
        int count = data;
        data = 0;
        return count;
    }

    /** Returns true if part of a record has arrived, or if the engine works on a record. */
    boolean isWithinRecord() {
        return records.size() > 0 || tasks;
    }

    /** Returns decrypted bytes, at most {@code most}, in a pooled buffer. The caller owns the buffer. */
    ByteBuffer take(int most) {
        ByteBuffer all = Objects.requireNonNull(plain);
        if (all.remaining() <= most) {
            plain = null;
            return all;
        }
        ByteBuffer some = chunks.acquire(most);
        int count = Math.min(most, some.capacity());
        some.put(0, all, all.position(), count).limit(count);
        all.position(all.position() + count);
        return some;
    }

    /**
     * Notes that the connection has ended.
     *
     * @throws SSLException if no close_notify came before, because anyone on the network path can end a connection
     */
    void cut() throws SSLException {
        records.drop();
        if (!ended && !dropping) {
            throw new TruncatedStreamException(
                    "the connection ended without a close_notify: the stream may have been cut off");
        }
    }
}
