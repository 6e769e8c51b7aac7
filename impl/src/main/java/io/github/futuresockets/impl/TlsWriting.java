package io.github.futuresockets.impl;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** The writing half of TLS, without I/O: from plain bytes to records. Used by one thread at a time. */
final class TlsWriting {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final Chunks chunks;
    private ByteBuffer out = NOTHING;

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
        if (taken == 0 && before > 0 && !out.hasRemaining()) {
            throw new SSLException(
                    engine.isOutboundDone()
                            ? "the peer has ended the conversation, and TLS 1.2 knows no half-close"
                            : "the engine takes no data: " + engine.getHandshakeStatus());
        }
        return taken;
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

    /** They have been sent, or never will be. */
    void release() {
        if (out != NOTHING) {
            chunks.give(out);
            out = NOTHING;
        }
    }
}
