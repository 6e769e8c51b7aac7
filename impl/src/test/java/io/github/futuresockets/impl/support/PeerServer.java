package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Where the library connects to: a blocking listener, which accepts {@link Peer}s. */
public final class PeerServer implements AutoCloseable {
    private final PeerTransports.Listener listener;

    /** Listens on the loopback, on any free port. */
    public PeerServer() {
        this(0);
    }

    /** The same; its peers have a small receive buffer, so that a writer soon has to wait. 0: the kernel's choice. */
    public PeerServer(int receiveBuffer) {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), receiveBuffer);
    }

    /** Listens there. */
    public PeerServer(SocketAddress address, int receiveBuffer) {
        try {
            listener = Peer.wires().listen(address, receiveBuffer);
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

    /** The peer that has called from there; others are turned away: tests of other processes call too, at ports of their own. */
    public Peer accept(SocketAddress caller) {
        Peer peer = accept();
        while (!peer.remoteAddress().equals(caller)) {
            peer.close();
            peer = accept();
        }
        return peer;
    }

    /** Where it listens. */
    public SocketAddress address() {
        try {
            return listener.address();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port it listens on. */
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
