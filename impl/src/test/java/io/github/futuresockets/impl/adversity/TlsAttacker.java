package io.github.futuresockets.impl.adversity;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A TLS client over a plain socket. A test chooses and changes each record. */
final class TlsAttacker {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final AsyncSocket socket;
    private final SSLEngine engine;
    private final ByteBuffer out = ByteBuffer.allocate(64 << 10);
    private ByteBuffer in = NOTHING;

    TlsAttacker(AsyncSocket socket, String protocol) {
        this.socket = socket;
        engine = TestCertificates.client().createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {protocol});
    }

    /**
     * Returns the records that the engine has to send, or else a record with the given bytes, possibly without content.
     */
    byte[] record(byte... bytes) {
        try {
            engine.wrap(ByteBuffer.wrap(bytes), out);
        } catch (SSLException e) {
            throw new UncheckedIOException(e);
        }
        byte[] record = new byte[out.flip().remaining()];
        out.get(record);
        out.clear();
        return record;
    }

    /** Returns a key update that requests an answer. Over TLS 1.2, returns the start of a new handshake. */
    byte[] question() {
        try {
            engine.beginHandshake();
        } catch (SSLException e) {
            throw new UncheckedIOException(e);
        }
        return record();
    }

    /** Sends bytes without waiting. Returns true if the write has succeeded at once. */
    boolean send(byte[] bytes) {
        CompletableFuture<Void> sent = socket.write(bytes);
        return sent.isDone() && !sent.isCompletedExceptionally();
    }

    private void receive() throws SSLException {
        ByteBuffer more = socket.readSome(64 << 10).join();
        if (more == null) {
            throw new UncheckedIOException(new IOException("refused"));
        }
        in = ByteBuffer.allocate(in.remaining() + more.remaining())
                .put(in)
                .put(more)
                .flip();
    }

    /** Waits for at least {@code length} decrypted bytes, and returns all bytes decrypted so far. */
    byte[] read(int length) throws IOException {
        ByteBuffer plain = ByteBuffer.allocate(length + (32 << 10));
        while (plain.position() < length) {
            if (engine.unwrap(in, plain).bytesConsumed() == 0) {
                receive();
            }
        }
        return Arrays.copyOf(plain.array(), plain.position());
    }

    TlsAttacker shakeHands() throws SSLException {
        engine.beginHandshake();
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
            } else if (status == HandshakeStatus.NEED_WRAP) {
                send(record());
            } else if (status != HandshakeStatus.NEED_UNWRAP) {
                return this;
            } else if (engine.unwrap(in, ByteBuffer.allocate(32 << 10)).bytesConsumed() == 0) {
                receive();
            }
        }
    }
}
