package io.github.futuresockets.impl.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * An engine without encryption, for tests of classes that use an engine. A record has a header of 5 bytes and the
 * plaintext. A handshake consists of a HELLO record from each end and a task. A QUESTION record requires an ANSWER
 * record.
 */
class PlainEngine extends SSLEngine {
    static final int HEADER = 5;
    static final int MAX = 16 << 10;
    static final byte HELLO = 22;
    static final byte DATA = 23;
    static final byte END = 21;
    static final byte QUESTION = 24;
    static final byte ANSWER = 25;

    private final SSLSession session;
    private final Queue<byte[]> toSend = new ArrayDeque<>();
    private boolean greeted;
    private Runnable task;
    private boolean open;
    private boolean begun;
    private boolean inboundDone;
    private boolean outboundClosed;

    /** Creates an engine before its handshake. {@link #getSession} returns the given session. */
    PlainEngine(SSLSession session) {
        this.session = session;
    }

    /** Returns an engine that needs no handshake. */
    static PlainEngine opened(SSLSession session) {
        PlainEngine engine = new PlainEngine(session);
        engine.open = true;
        return engine;
    }

    static byte[] record(byte kind, byte... content) {
        byte[] record = new byte[HEADER + content.length];
        record[0] = kind;
        record[1] = 3;
        record[2] = 3;
        record[3] = (byte) (content.length >> 8);
        record[4] = (byte) content.length;
        System.arraycopy(content, 0, record, HEADER, content.length);
        return record;
    }

    /** Returns the records in one array. */
    static byte[] join(byte[]... records) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] each : records) {
            all.writeBytes(each);
        }
        return all.toByteArray();
    }

    @Override
    public void beginHandshake() {
        begun = true;
        toSend.add(record(HELLO));
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        if (!toSend.isEmpty()) {
            return HandshakeStatus.NEED_WRAP;
        }
        if (open || !begun) {
            return HandshakeStatus.NOT_HANDSHAKING;
        }
        return !greeted ? HandshakeStatus.NEED_UNWRAP : HandshakeStatus.NEED_TASK;
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer[] dsts, int offset, int length) throws SSLException {
        requireArray(src);
        if (inboundDone) {
            return result(Status.CLOSED, 0, 0);
        }
        int begin = src.position();
        int size = src.remaining() < HEADER
                ? HEADER
                : HEADER + ((src.get(begin + 3) & 0xff) << 8 | src.get(begin + 4) & 0xff);
        if (size > HEADER + MAX) {
            throw new SSLException("too long");
        }
        if (src.remaining() < size) {
            return result(Status.BUFFER_UNDERFLOW, 0, 0);
        }
        ByteBuffer dst = dsts[offset];
        byte kind = src.get(begin);
        if (kind == DATA && dst.remaining() < size - HEADER) {
            return result(Status.BUFFER_OVERFLOW, 0, 0);
        }
        src.position(begin + HEADER);
        if (kind == DATA) {
            ByteBuffer content = src.duplicate().limit(begin + size);
            dst.put(content);
        }
        src.position(begin + size);
        take(kind);
        return result(inboundDone ? Status.CLOSED : Status.OK, size, kind == DATA ? size - HEADER : 0);
    }

    private void take(byte kind) throws SSLException {
        switch (kind) {
            case HELLO:
                greeted = true;
                task = () -> open = true;
                break;
            case END:
                inboundDone = true;
                break;
            case QUESTION:
                toSend.add(record(ANSWER));
                break;
            case DATA, ANSWER:
                break;
            default:
                throw new SSLException("a record of kind " + kind);
        }
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst) {
        requireArray(dst);
        if (outboundClosed && toSend.isEmpty()) {
            return result(Status.CLOSED, 0, 0);
        }
        if (dst.remaining() < HEADER + MAX) {
            return result(Status.BUFFER_OVERFLOW, 0, 0);
        }
        byte[] own = toSend.poll();
        ByteBuffer src = srcs[offset];
        int count = own != null ? 0 : Math.min(MAX, src.remaining());
        if (own == null && count > 0) {
            byte[] content = new byte[count];
            src.get(content);
            own = record(DATA, content);
        }
        if (own != null) {
            dst.put(own);
        }
        return result(isOutboundDone() ? Status.CLOSED : Status.OK, count, own == null ? 0 : own.length);
    }

    /** Refuses direct buffers, because the JDK's ciphers are slower without an array. */
    private static void requireArray(ByteBuffer records) {
        if (!records.hasArray()) {
            throw new IllegalArgumentException("records in a direct buffer");
        }
    }

    private SSLEngineResult result(Status status, int consumed, int produced) {
        return new SSLEngineResult(status, getHandshakeStatus(), consumed, produced);
    }

    @Override
    public Runnable getDelegatedTask() {
        Runnable next = task;
        task = null;
        return next;
    }

    @Override
    public void closeInbound() {
        inboundDone = true;
    }

    @Override
    public boolean isInboundDone() {
        return inboundDone;
    }

    @Override
    public void closeOutbound() {
        if (!outboundClosed) {
            outboundClosed = true;
            toSend.add(record(END));
        }
    }

    @Override
    public boolean isOutboundDone() {
        return outboundClosed && toSend.isEmpty();
    }

    @Override
    public SSLSession getSession() {
        return session;
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return new String[0];
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return new String[0];
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {}

    @Override
    public String[] getSupportedProtocols() {
        return new String[0];
    }

    @Override
    public String[] getEnabledProtocols() {
        return new String[0];
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {}

    @Override
    public void setUseClientMode(boolean mode) {}

    @Override
    public boolean getUseClientMode() {
        return true;
    }

    @Override
    public void setNeedClientAuth(boolean need) {}

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(boolean want) {}

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {}

    @Override
    public boolean getEnableSessionCreation() {
        return true;
    }
}
