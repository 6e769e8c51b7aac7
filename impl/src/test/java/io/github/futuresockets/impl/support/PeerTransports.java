package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The transports of peers, through the kernel or a substitute. */
public interface PeerTransports {

    /** Connects to a listener of the library. */
    PeerTransport connect(SocketAddress listener) throws IOException;

    /** Listens for connections of the library. */
    Listener listen(SocketAddress address, int receiveBuffer) throws IOException;

    /**
     * Returns an address of {@code host} without an answer. If the result is null, only a listener with a full backlog
     * gives no answer.
     */
    default InetSocketAddress silent(InetAddress host) {
        return null;
    }

    /** Returns true if the connections use kernel descriptors and I/O threads. */
    default boolean overTheKernel() {
        return false;
    }

    /** Returns true if an end may go on sending after the other end has sent end of stream. */
    default boolean halfCloses() {
        return true;
    }

    /** The other end of a connection. All calls block. */
    interface PeerTransport {
        SocketAddress localAddress();

        SocketAddress remoteAddress();

        InputStream input();

        void write(ByteBuffer bytes) throws IOException;

        void end() throws IOException;

        void reset() throws IOException;

        void close() throws IOException;
    }

    /** A listener for connections of the library. All calls block. */
    interface Listener {
        SocketAddress address() throws IOException;

        PeerTransport accept() throws IOException;

        void close() throws IOException;
    }

    /** The transports of the kernel. */
    PeerTransports KERNEL = new PeerTransports() {
        @Override
        public boolean overTheKernel() {
            return true;
        }

        @Override
        public PeerTransport connect(SocketAddress listener) throws IOException {
            return new KernelTransport(SocketChannel.open(listener));
        }

        @Override
        public Listener listen(SocketAddress address, int receiveBuffer) throws IOException {
            boolean unix = address instanceof UnixDomainSocketAddress;
            ServerSocketChannel listener =
                    unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
            try {
                if (receiveBuffer > 0) {
                    listener.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
                }
                listener.bind(address, 1024);
            } catch (Throwable e) {
                listener.close();
                throw e;
            }
            return new Listener() {
                @Override
                public SocketAddress address() throws IOException {
                    return listener.getLocalAddress();
                }

                @Override
                public PeerTransport accept() throws IOException {
                    return new KernelTransport(listener.accept());
                }

                @Override
                public void close() throws IOException {
                    listener.close();
                }
            };
        }
    };

    /** A blocking socket of the JDK. */
    final class KernelTransport implements PeerTransport {
        private final SocketChannel channel;
        private final SocketAddress local;
        private final SocketAddress remote;
        private final InputStream in;

        KernelTransport(SocketChannel channel) throws IOException {
            this.channel = channel;
            local = channel.getLocalAddress();
            remote = channel.getRemoteAddress();
            if (local instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.socket().setSoTimeout((int) Await.LIMIT.toMillis());
                in = channel.socket().getInputStream();
            } else {
                in = Channels.newInputStream(channel);
            }
        }

        @Override
        public SocketAddress localAddress() {
            return local;
        }

        @Override
        public SocketAddress remoteAddress() {
            return remote;
        }

        @Override
        public InputStream input() {
            return in;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        @Override
        public void end() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public void reset() throws IOException {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
