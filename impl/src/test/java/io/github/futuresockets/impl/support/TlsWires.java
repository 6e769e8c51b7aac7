package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;

/** Transports with TLS over other transports. Each connection has a separate TLS engine, and blocks. */
public final class TlsWires implements PeerTransports {
    private final PeerTransports wires;
    private final String protocol;

    /** Encrypts {@code wires} with the given version of TLS. */
    public TlsWires(PeerTransports wires, String protocol) {
        this.wires = wires;
        this.protocol = protocol;
    }

    private TlsPeerTransport wrap(PeerTransport wire, boolean client) {
        SSLEngine engine = (client ? TestCertificates.client() : TestCertificates.server()).createSSLEngine();
        engine.setUseClientMode(client);
        engine.setEnabledProtocols(new String[] {protocol});
        return new TlsPeerTransport(wire, engine);
    }

    @Override
    public boolean overTheKernel() {
        return wires.overTheKernel();
    }

    @Override
    public boolean halfCloses() {
        return protocol.equals("TLSv1.3");
    }

    @Override
    public PeerTransport connect(SocketAddress listener) throws IOException {
        return wrap(wires.connect(listener), true);
    }

    @Override
    public Listener listen(SocketAddress address, int receiveBuffer) throws IOException {
        return new Backlog(wires.listen(address, receiveBuffer));
    }

    /**
     * A backlog like the backlog of the kernel. Accepts connections in the background, so handshakes proceed before a
     * call of {@code accept}.
     */
    private final class Backlog implements Listener {
        private final Listener plain;
        private final BlockingQueue<TlsPeerTransport> backlog = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> filling;
        private volatile boolean closed;

        Backlog(Listener plain) {
            this.plain = plain;
            this.filling = Background.run(this::fill);
        }

        private void fill() {
            while (!closed) {
                try {
                    backlog.add(wrap(plain.accept(), false));
                } catch (SocketTimeoutException nobody) {
                    continue;
                } catch (IOException | RuntimeException | AssertionError end) {
                    break;
                }
                if (closed) {
                    drop();
                }
            }
        }

        private void drop() {
            for (TlsPeerTransport each = backlog.poll(); each != null; each = backlog.poll()) {
                each.drop();
            }
        }

        @Override
        public SocketAddress address() throws IOException {
            return plain.address();
        }

        @Override
        public PeerTransport accept() throws IOException {
            try {
                PeerTransport next = backlog.poll(Await.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                if (next == null) {
                    throw new SocketTimeoutException("nobody came");
                }
                return next;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        /** Waits for the accepting thread, because the kernel listens until this thread has left its system call. */
        @Override
        public void close() throws IOException {
            closed = true;
            plain.close();
            Await.value(filling);
            drop();
        }
    }

    @Override
    public InetSocketAddress silent(InetAddress host) {
        return wires.silent(host);
    }
}
