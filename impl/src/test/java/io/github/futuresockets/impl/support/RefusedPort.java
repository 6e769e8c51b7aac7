package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/** A port without a listener, bound until closed. Every connect to the port of a local address is refused. */
public final class RefusedPort implements AutoCloseable {
    private final SocketChannel held;

    public RefusedPort() {
        try {
            held = SocketChannel.open().bind(new InetSocketAddress(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return held.socket().getLocalPort();
    }

    /** Returns the address of the port on the loopback interface. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    }

    @Override
    public void close() {
        try {
            held.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
