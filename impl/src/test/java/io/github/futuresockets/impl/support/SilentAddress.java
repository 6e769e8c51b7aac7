package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * An address that does not answer: a listener on the loopback that accepts nobody and whose backlog is full, so that the
 * kernel drops who knocks.
 */
public final class SilentAddress implements AutoCloseable {
    private final InetSocketAddress address;
    private final ServerSocket listener;
    private final List<SocketChannel> callers = new ArrayList<>();

    /** On the usual address of the loopback. */
    public SilentAddress() {
        this(InetAddress.getLoopbackAddress());
    }

    /** Listens, and calls until three callers get no answer. */
    public SilentAddress(InetAddress host) {
        InetSocketAddress known = Peer.wires().silent(host);
        if (known != null) {
            address = known;
            listener = null;
            return;
        }
        try {
            listener = new ServerSocket(0, 1, host);
            address = new InetSocketAddress(host, listener.getLocalPort());
            while (callers.stream().filter(SocketChannel::isConnectionPending).count() < 3) {
                if (callers.size() > 50) {
                    throw new IOException("this kernel answers although the backlog is full");
                }
                call();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void call() throws IOException {
        SocketChannel caller = SocketChannel.open();
        caller.configureBlocking(false);
        callers.add(caller);
        if (!caller.connect(address())) {
            long deadline = System.nanoTime() + 100_000_000;
            while (System.nanoTime() < deadline && !caller.finishConnect()) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** Where it listens and does not answer. */
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        if (listener == null) {
            return;
        }
        try {
            listener.close();
            for (SocketChannel each : callers) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
