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
 * An address without an answer. The listener on the loopback address accepts nothing and has a full backlog, so the
 * kernel drops further attempts.
 */
public final class SilentAddress implements AutoCloseable {
    private final InetSocketAddress address;
    private final ServerSocket listener;
    private final List<SocketChannel> callers = new ArrayList<>();

    /** Listens on the usual loopback address. */
    public SilentAddress() {
        this(InetAddress.getLoopbackAddress());
    }

    /**
     * Listens, and connects until three connects are pending. Uses the silent address of the peer transports, if
     * present.
     */
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

    /** Returns the silent address. */
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
