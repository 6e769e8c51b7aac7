package io.github.futuresockets.impl;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** The handshake of TLS, without I/O: says what has to be done next. Used by one thread at a time. */
final class TlsHandshake {
    /** The bytes of all that a peer may say before it has convinced us; certificates of 2 KiB each are some dozen then. */
    static final int MOST_BYTES = 256 << 10;

    /**
     * Steps in a row in which no byte of the peer was taken. An engine that has failed tells why when it is asked to write; an engine
     * that has been closed, or is not the JDK's, may ask for ever.
     */
    private static final int MOST_IN_VAIN = 16;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What has to be done. */
    enum Next {
        /** Give the reading half more bytes. */
        READ,
        /** Have the writing half make records, and send them. */
        WRITE,
        /** Run the engine's tasks. */
        TASKS,
        /** Nothing: both ends have come to terms. */
        DONE
    }

    private final SSLEngine engine;
    private final TlsReading reading;
    private int consumed;
    private int inVain;
    private boolean begun;

    TlsHandshake(SSLEngine engine, TlsReading reading) {
        this.engine = engine;
        this.reading = reading;
    }

    Next next() throws SSLException {
        if (!begun) {
            begun = true;
            if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
                engine.beginHandshake();
            }
        }
        while (true) {
            refuseEndless();
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK:
                    return Next.TASKS;
                case NEED_WRAP:
                    return Next.WRITE;
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN:
                    int ignored = reading.ignore();
                    if (ignored > 0) {
                        count(ignored);
                        break;
                    }
                    SSLEngineResult result = reading.next(NOTHING);
                    if (result == null) {
                        inVain = 0;
                        return Next.READ;
                    }
                    check(result);
                    break;
                default:
                    refuseEnd(engine.isOutboundDone());
                    return Next.DONE;
            }
        }
    }

    private void check(SSLEngineResult result) throws SSLException {
        refuseEnd(result.getStatus() == Status.CLOSED);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            throw new SSLHandshakeException("data came before the handshake was over");
        }
        count(result.bytesConsumed());
    }

    /** So many bytes of the peer have been taken. */
    private void count(int bytes) throws SSLException {
        inVain = bytes > 0 ? 0 : inVain;
        consumed += bytes;
        if (consumed > MOST_BYTES) {
            throw new SSLHandshakeException("the peer's part is longer than " + MOST_BYTES + " bytes");
        }
    }

    private void refuseEndless() throws SSLException {
        if (++inVain > MOST_IN_VAIN) {
            refuseEnd(engine.isOutboundDone() || engine.isInboundDone());
            throw new SSLHandshakeException("the engine makes no progress: " + engine.getHandshakeStatus());
        }
    }

    private static void refuseEnd(boolean ended) throws SSLException {
        if (ended) {
            throw new SSLHandshakeException("the peer has ended it");
        }
    }
}
