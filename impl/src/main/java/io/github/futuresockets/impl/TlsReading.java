package io.github.futuresockets.impl;

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

/** The reading half of TLS, without I/O: from encrypted bytes to plain ones. Used by one fill at a time. */
final class TlsReading {
    /**
     * So many records more than bytes in them are borne with: empty ones, warnings, changes of keys, tickets. All cost us more than
     * the peer, and none brings anything. But behind 128 GiB the JDK asks for new keys with each record, until it has them, and what
     * answers each may bring hundreds in a row: as many as there are records on their way.
     */
    static final int MOST_WITHOUT_DATA = 1024;

    private static final String VERSION_1_3 = "TLSv1.3";

    /** What is there, or is needed. */
    enum Step {
        /** {@link #take} has bytes. */
        DATA,
        /** More bytes of the peer. */
        MORE,
        /** The engine has tasks. */
        TASKS,
        /** The peer has ended its stream. */
        END
    }

    private final SSLEngine engine;
    private final Chunks chunks;
    private final TlsRecords records;
    private @Nullable ByteBuffer plain;
    private int withoutData;
    private boolean mayRenegotiate;
    private boolean tasks;
    private int questions;

    /** Bytes of data since the last questions were taken. */
    private int data;

    private boolean ended;
    private boolean dropping;
    private boolean failed;

    /** What has come behind bytes that can be taken yet. */
    private @Nullable SSLException failure;

    TlsReading(SSLEngine engine, Chunks chunks) {
        this.engine = engine;
        this.chunks = chunks;
        this.records = new TlsRecords(chunks);
    }

    /** Takes over what has arrived. */
    void add(ByteBuffer arrived) {
        records.add(arrived);
        if (dropping) {
            records.drop();
        }
    }

    /** The handshake is over. */
    void open() {
        mayRenegotiate = !VERSION_1_3.equals(engine.getSession().getProtocol());
    }

    /** What still comes is of no interest. */
    void drop() {
        dropping = true;
        records.drop();
        if (plain != null) {
            chunks.give(plain);
            plain = null;
        }
    }

    /** How many bytes may arrive next. */
    int room() {
        return records.room();
    }

    /** Decrypts one record; null: more bytes are needed. */
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
     * Drops a change_cipher_spec record that comes next in a handshake of TLS 1.3. RFC 8446, 5, has any number of these ignored; the
     * JDK's engine ignores one. Returns the number of bytes that were dropped.
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

    /** Whether the engine has failed: then it has an alert to send. */
    boolean hasFailed() {
        return failed;
    }

    /** An engine may look for room before it looks whether all of a record is there. */
    private boolean isCut(Status status) {
        return status == Status.BUFFER_UNDERFLOW || status == Status.BUFFER_OVERFLOW && !records.isWhole();
    }

    /** Decrypts what has arrived, as far as that is possible. */
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
        ByteBuffer into = chunks.take(records.size());
        try {
            Step step = decryptTo(into);
            if (into.position() > 0) {
                plain = into.flip();
                return Step.DATA;
            }
            return step;
        } finally {
            if (plain != into) {
                chunks.give(into);
            }
            if (ended) {
                records.drop();
            }
        }
    }

    /** A failure behind bytes is told when they have been taken, however both have come. */
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
            questions += asks ? 1 : 0;
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

    /** How many records have come that the engine wants to answer; each is told of once. */
    int takeQuestions() {
        int wanted = questions;
        questions = 0;
        return wanted;
    }

    /** How many bytes of data have come with the questions since this was asked for. */
    int takeData() {
        int count = data;
        data = 0;
        return count;
    }

    /** Whether a record is under way: part of one has arrived, or the engine works on one. */
    boolean isWithinRecord() {
        return records.size() > 0 || tasks;
    }

    /** How many bytes {@link #take} has. */
    int available(int most) {
        return Math.min(most, Objects.requireNonNull(plain).remaining());
    }

    /** The bytes that were decrypted, or as many of them as are asked for. */
    ByteBuffer take(int most) {
        ByteBuffer all = Objects.requireNonNull(plain);
        if (all.remaining() <= most) {
            plain = null;
            return all;
        }
        ByteBuffer some = chunks.take(most);
        int count = Math.min(most, some.capacity());
        some.put(0, all, all.position(), count).limit(count);
        all.position(all.position() + count);
        return some;
    }

    /** The connection has ended. Unless its stream has ended before, that may have been anyone's doing. */
    void cut() throws SSLException {
        records.drop();
        if (!ended && !dropping) {
            throw new TlsTruncation("the connection ended without a close_notify: the stream may have been cut off");
        }
    }
}
