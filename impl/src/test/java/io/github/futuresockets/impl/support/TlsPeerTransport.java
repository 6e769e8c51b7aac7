package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** A transport with TLS. The handshake runs in the background, as for a connection in a backlog. */
final class TlsPeerTransport extends InputStream implements PeerTransports.PeerTransport {
    private static final int ROOM = 40_000;

    /** The maximum wait for a handshake. If the handshake takes longer, the other end has not accepted yet. */
    private static final int SOON_MILLIS = 300;

    private final PeerTransports.PeerTransport wire;
    private final SSLEngine engine;
    private final CompletableFuture<Void> opened;
    // the lock of engine.wrap and wire.write, guards no field
    private final Object writing = new Object();
    // the handshake thread's, and after the handshake the reading thread's
    private final ByteBuffer encrypted = ByteBuffer.allocate(ROOM).flip();
    private final ByteBuffer plain = ByteBuffer.allocate(ROOM).flip();
    // set by any thread
    private volatile boolean over;

    /** The last of the steps queued during the handshake. Guarded by this. */
    private CompletableFuture<Void> last;

    TlsPeerTransport(PeerTransports.PeerTransport wire, SSLEngine engine) {
        this.wire = wire;
        this.engine = engine;
        this.opened = Background.call(() -> {
            open();
            return null;
        });
        this.last = opened;
    }

    private interface Step {
        void run() throws IOException;
    }

    /**
     * Runs a step, or queues the step until the end of the handshake and of all earlier steps. If {@code patient} is
     * true, first waits a short time for the handshake.
     *
     * <p>A write of a client is not patient, because the other end may accept the connection only later.
     */
    private void behind(boolean patient, Step step) throws IOException {
        if (patient) {
            try {
                opened.get(SOON_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException | InterruptedException e) {
                over |= opened.isCompletedExceptionally();
            }
        }
        synchronized (this) {
            if (!last.isDone()) {
                last = last.handle((none, failure) -> {
                    try {
                        step.run();
                    } catch (IOException gone) {
                        over = true;
                    }
                    return null;
                });
                return;
            }
        }
        step.run();
    }

    /** Closes an unwanted connection. */
    void drop() {
        try {
            wire.close();
        } catch (IOException gone) {
            over = true;
        }
    }

    private void open() throws IOException {
        engine.beginHandshake();
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
            } else if (status == HandshakeStatus.NEED_WRAP) {
                send(ByteBuffer.allocate(0));
            } else if (status == HandshakeStatus.NEED_UNWRAP) {
                if (!receive()) {
                    throw new IOException("the end of the connection during the handshake");
                }
            } else {
                return;
            }
        }
    }

    private void awaitOpen() throws IOException {
        try {
            opened.get(Await.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("no handshake: " + e.getCause(), e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new IOException("no handshake", e);
        }
    }

    private void send(ByteBuffer bytes) throws IOException {
        synchronized (writing) {
            ByteBuffer out = ByteBuffer.allocate(ROOM);
            do {
                out.clear();
                SSLEngineResult result = engine.wrap(bytes, out);
                wire.write(out.flip());
                if (result.bytesProduced() == 0 && bytes.hasRemaining()) {
                    throw new IOException("nothing can be sent: " + result);
                }
            } while (bytes.hasRemaining());
        }
    }

    /** Decrypts at most a single record, or reads more bytes. Returns false at the end of stream. */
    private boolean receive() throws IOException {
        plain.compact();
        SSLEngineResult result = engine.unwrap(encrypted, plain);
        plain.flip();
        if (result.getStatus() == Status.CLOSED) {
            over = true;
        } else if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            encrypted.compact();
            int count;
            try {
                count = wire.input().read(encrypted.array(), encrypted.position(), encrypted.remaining());
            } finally {
                encrypted.flip();
            }
            if (count < 0) {
                over = true;
                return false;
            }
            encrypted.limit(encrypted.limit() + count);
        }
        return !over;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        awaitOpen();
        while (!plain.hasRemaining() && length > 0) {
            if (over || !receive()) {
                return -1;
            }
        }
        int count = Math.min(length, plain.remaining());
        plain.get(bytes, offset, count);
        return count;
    }

    @Override
    public SocketAddress localAddress() {
        return wire.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return wire.remoteAddress();
    }

    @Override
    public InputStream input() {
        return this;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        ByteBuffer mine = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        behind(!engine.getUseClientMode(), () -> {
            awaitOpen();
            send(mine);
        });
    }

    @Override
    public void end() throws IOException {
        behind(true, () -> {
            awaitOpen();
            sayGoodbye();
            wire.end();
        });
    }

    private void sayGoodbye() throws IOException {
        synchronized (writing) {
            engine.closeOutbound();
            ByteBuffer out = ByteBuffer.allocate(ROOM);
            engine.wrap(ByteBuffer.allocate(0), out);
            wire.write(out.flip());
        }
    }

    @Override
    public void reset() throws IOException {
        behind(true, wire::reset);
    }

    @Override
    public void close() throws IOException {
        behind(true, () -> {
            try {
                sayGoodbye();
            } catch (IOException gone) {
                over = true;
            }
            wire.close();
        });
    }
}
