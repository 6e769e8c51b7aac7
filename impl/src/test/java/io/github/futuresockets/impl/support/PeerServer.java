package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A blocking listener, for connections of the library. Accepts {@link Peer}s. */
public final class PeerServer implements AutoCloseable {
    private final PeerTransports.Listener listener;

    /** Listens on a free port of the loopback address. */
    public PeerServer() {
        this(0);
    }

    /**
     * Listens on a free port of the loopback address. A small receive buffer makes a writer wait soon. With 0, the
     * kernel chooses the size.
     */
    public PeerServer(int receiveBuffer) {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), receiveBuffer);
    }

    /** Listens on an address, with the given size of receive buffers. */
    public PeerServer(SocketAddress address, int receiveBuffer) {
        try {
            listener = Peer.wires().listen(address, receiveBuffer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the next peer. */
    public Peer accept() {
        try {
            return new Peer(listener.accept());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the peer connected from {@code caller}. Closes all other peers, because tests in other processes may
     * connect to the port.
     */
    public Peer accept(SocketAddress caller) {
        Peer peer = accept();
        while (!peer.remoteAddress().equals(caller)) {
            peer.close();
            peer = accept();
        }
        return peer;
    }

    /** Returns the address of the listener. */
    public SocketAddress address() {
        try {
            return listener.address();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the port of the listener. */
    public int port() {
        return ((InetSocketAddress) address()).getPort();
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
