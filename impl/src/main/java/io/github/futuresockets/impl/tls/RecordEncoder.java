package io.github.futuresockets.impl.tls;

import io.github.futuresockets.impl.transport.BufferPool;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The writing half of TLS, from plaintext to records, without I/O. Used by one thread at a time. */
final class RecordEncoder {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /**
     * The most calls of {@link #wrap} in a row that take no plaintext, although each call makes records of the engine's
     * own.
     */
    private static final int MOST_IN_VAIN = 64;

    private final SSLEngine engine;
    private final BufferPool chunks;

    // One thread's at a time.
    private ByteBuffer out = NOTHING;
    private int inVain;

    /** Records that follow the records of {@code out}, up to the position. The array grows with the records. */
    private @Nullable ByteBuffer ahead;

    RecordEncoder(SSLEngine engine, BufferPool chunks) {
        this.engine = engine;
        this.chunks = chunks;
    }

    /** Returns the records to send next. */
    ByteBuffer out() {
        return out;
    }

    /**
     * Makes records of {@code plain}, as many as fit into a pooled buffer. Records that the engine has to send itself
     * come first. Called when all earlier records have been sent. Returns the number of plaintext bytes that the engine
     * has taken.
     */
    int wrap(ByteBuffer plain) throws SSLException {
        int before = plain.remaining();
        ByteBuffer records = chunks.acquireArray(BufferPool.RECORDS);
        try {
            while (wrapOne(plain, records) && (plain.hasRemaining() || wantsToSend())) {
                continue;
            }
        } finally {
            finish(records);
        }
        int taken = before - plain.remaining();
        inVain = taken > 0 || before == 0 ? 0 : inVain + 1;
        if (inVain > 0 && (!out.hasRemaining() || inVain > MOST_IN_VAIN)) {
            throw new SSLException(
                    engine.isOutboundDone()
                            ? "the peer has ended the conversation, and TLS 1.2 knows no half-close"
                            : "the engine takes no data: " + engine.getHandshakeStatus());
        }
        return taken;
    }

    /**
     * Makes the records that the engine has to send itself, after earlier records that are not sent yet. Because an
     * engine holds kilobytes for an answer of some dozen bytes, the answers become records early. Returns true if the
     * engine has no more to send.
     */
    boolean answerAhead() throws SSLException {
        ByteBuffer records = chunks.acquireArray(BufferPool.RECORDS);
        try {
            while (wantsToSend() && wrapOne(NOTHING, records)) {
                continue;
            }
            return !wantsToSend();
        } finally {
            if (records.flip().hasRemaining()) {
                append(records);
            }
            chunks.release(records);
        }
    }

    private void append(ByteBuffer records) {
        ByteBuffer all = ahead;
        if (all == null || all.remaining() < records.remaining()) {
            ByteBuffer larger = ByteBuffer.allocate(2 * (ahead() + records.remaining()));
            all = all == null ? larger : larger.put(all.flip());
        }
        ahead = all.put(records);
    }

    /** Returns the number of bytes that follow the bytes of {@link #out}. */
    int ahead() {
        return ahead == null ? 0 : ahead.position();
    }

    /**
     * Returns true if the engine has records of its own to send. After the peer's close_notify an engine asks all the
     * time for the answering close_notify. Because TLS 1.3 leaves the moment of the answer open, the request is
     * ignored.
     */
    private boolean wantsToSend() {
        return engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isInboundDone();
    }

    /** Ends the stream with a close_notify. If the engine has failed, makes the alert of the failure instead. */
    void end() throws SSLException {
        ByteBuffer records = chunks.acquireArray(BufferPool.RECORDS);
        try {
            engine.closeOutbound();
            while (!engine.isOutboundDone() && wrapOne(NOTHING, records)) {
                continue;
            }
        } finally {
            finish(records);
        }
    }

    /** Makes one record. Returns false if there is no room, or nothing to send. */
    private boolean wrapOne(ByteBuffer plain, ByteBuffer records) throws SSLException {
        SSLEngineResult result = engine.wrap(plain, records);
        if (result.getStatus() == Status.BUFFER_OVERFLOW && records.position() == 0) {
            throw new SSLException("a record that does not fit into " + records.capacity() + " bytes");
        }
        return result.getStatus() == Status.OK && result.bytesProduced() > 0;
    }

    /** Moves the new records to {@link #out}, and releases their array. */
    private void finish(ByteBuffer records) {
        if (records.flip().hasRemaining()) {
            out = chunks.acquire(records.remaining()).put(records).flip();
        }
        chunks.release(records);
    }

    /**
     * Releases the records of {@link #out}, which have been sent. The records that follow are next, as many as fit into
     * a pooled buffer.
     */
    void release() {
        giveBack();
        ByteBuffer all = ahead;
        if (all != null) {
            int rest = Math.max(0, all.flip().limit() - BufferPool.LARGE);
            all.limit(all.limit() - rest);
            out = chunks.acquire(all.limit()).put(all).flip();
            all.limit(all.limit() + rest).compact();
            ahead = rest == 0 ? null : all;
        }
    }

    /** Drops all records. No record is sent after this call. */
    void drop() {
        giveBack();
        ahead = null;
    }

    private void giveBack() {
        if (out != NOTHING) {
            chunks.release(out);
            out = NOTHING;
        }
    }
}
