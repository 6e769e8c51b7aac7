package io.github.futuresockets.impl.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** The order of steps in a TLS handshake, without I/O. Used by one thread at a time. */
final class HandshakeStep {
    /** The most bytes that a peer may send in a handshake, enough for about a hundred certificates of 2 KiB each. */
    static final int MAX_BYTES = 256 << 10;

    /**
     * The most steps in a row without a byte from the peer. Because an engine that has failed reports the failure when
     * it makes records, some such steps are needed. Because a closed engine, or an engine of another provider, may ask
     * for steps for ever, their number is limited.
     */
    private static final int MOST_IN_VAIN = 16;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The next step of a handshake. */
    enum Next {
        /** The reading half needs more bytes. */
        READ,
        /** The writing half has to make records, and to send them. */
        WRITE,
        /** The tasks of the engine have to run. */
        TASKS,
        /** The handshake is complete, because both ends have agreed. */
        DONE
    }

    private final SSLEngine engine;
    private final RecordDecoder reading;

    // One thread's at a time.
    private int consumed;
    private int inVain;
    private boolean begun;

    HandshakeStep(SSLEngine engine, RecordDecoder reading) {
        this.engine = engine;
        this.reading = reading;
    }

    /**
     * Returns the next step.
     *
     * @throws SSLException if the handshake has failed
     */
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

    /** Counts the bytes that the engine has taken from the peer, and fails above the limit. */
    private void count(int bytes) throws SSLException {
        inVain = bytes > 0 ? 0 : inVain;
        consumed += bytes;
        if (consumed > MAX_BYTES) {
            throw new SSLHandshakeException("the peer's part is longer than " + MAX_BYTES + " bytes");
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
