package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Where the library connects to: a blocking listener of the JDK on the loopback, which accepts {@link Peer}s. */
public final class PeerServer implements AutoCloseable {
    private final ServerSocket listener;

    /** Listens on any free port. */
    public PeerServer() {
        this(0);
    }

    /** The same; its peers have a small receive buffer, so that a writer soon has to wait. 0: the kernel's choice. */
    public PeerServer(int receiveBuffer) {
        try {
            listener = new ServerSocket();
            listener.setSoTimeout((int) Await.LIMIT.toMillis());
            if (receiveBuffer > 0) {
                listener.setReceiveBufferSize(receiveBuffer);
            }
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next peer. */
    public Peer accept() {
        try {
            return new Peer(listener.accept());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** The port it listens on. */
    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
