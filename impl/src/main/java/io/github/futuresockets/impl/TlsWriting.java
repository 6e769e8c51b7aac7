package io.github.futuresockets.impl;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The writing half of TLS, without I/O: from plain bytes to records. Used by one thread at a time. */
final class TlsWriting {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Chunks in a row of which the engine has taken no plain byte, though each brought records of its own. */
    private static final int MOST_IN_VAIN = 64;

    private final SSLEngine engine;
    private final Chunks chunks;
    private ByteBuffer out = NOTHING;
    private int inVain;

    /** Records behind those of {@code out}, up to the position; the array grows with them. */
    private @Nullable ByteBuffer ahead;

    TlsWriting(SSLEngine engine, Chunks chunks) {
        this.engine = engine;
        this.chunks = chunks;
    }

    /** The records that are to be sent. */
    ByteBuffer out() {
        return out;
    }

    /**
     * Makes records of {@code plain}, as many as fit into a chunk, behind what else the engine has to send; when those that were
     * made before have been sent. Returns how many bytes it has taken.
     */
    int wrap(ByteBuffer plain) throws SSLException {
        int before = plain.remaining();
        ByteBuffer records = chunks.takeArray(Chunks.RECORDS);
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
     * Makes records of what the engine has to send of itself, behind those that were made before and have not been sent. An engine
     * holds kilobytes for an answer of some dozen bytes. Returns whether these are all.
     */
    boolean answerAhead() throws SSLException {
        ByteBuffer records = chunks.takeArray(Chunks.RECORDS);
        try {
            while (wantsToSend() && wrapOne(NOTHING, records)) {
                continue;
            }
            return !wantsToSend();
        } finally {
            append(records.flip());
            chunks.give(records);
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

    /** How many bytes wait behind those of {@link #out}. */
    int ahead() {
        return ahead == null ? 0 : ahead.position();
    }

    /** Behind the peer's end TLS 1.3 leaves it to us when we send ours; the engine asks for it all the time. */
    private boolean wantsToSend() {
        return engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isInboundDone();
    }

    /** Ends the stream: a close_notify; or, if the conversation has failed, what it failed with. */
    void end() throws SSLException {
        ByteBuffer records = chunks.takeArray(Chunks.RECORDS);
        try {
            engine.closeOutbound();
            while (!engine.isOutboundDone() && wrapOne(NOTHING, records)) {
                continue;
            }
        } finally {
            finish(records);
        }
    }

    /** One record; false if there is no room, or nothing to send. */
    private boolean wrapOne(ByteBuffer plain, ByteBuffer records) throws SSLException {
        SSLEngineResult result = engine.wrap(plain, records);
        if (result.getStatus() == Status.BUFFER_OVERFLOW && records.position() == 0) {
            throw new SSLException("a record that does not fit into " + records.capacity() + " bytes");
        }
        return result.getStatus() == Status.OK && result.bytesProduced() > 0;
    }

    private void finish(ByteBuffer records) {
        if (records.flip().hasRemaining()) {
            out = chunks.take(records.remaining()).put(records).flip();
        }
        chunks.give(records);
    }

    /** The records of {@link #out} have been sent: those behind are next, as many as fit into a chunk. */
    void release() {
        giveBack();
        ByteBuffer all = ahead;
        if (all != null) {
            int rest = Math.max(0, all.flip().limit() - Chunks.LARGE);
            all.limit(all.limit() - rest);
            out = chunks.take(all.limit()).put(all).flip();
            all.limit(all.limit() + rest).compact();
            ahead = rest == 0 ? null : all;
        }
    }

    /** No record is sent any more. */
    void drop() {
        giveBack();
        ahead = null;
    }

    private void giveBack() {
        if (out != NOTHING) {
            chunks.give(out);
            out = NOTHING;
        }
    }
}
