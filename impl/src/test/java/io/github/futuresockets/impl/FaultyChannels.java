package io.github.futuresockets.impl;

import io.github.futuresockets.TlsSession;
import io.github.futuresockets.impl.Faults.Kind;
import io.github.futuresockets.impl.transport.ConnectSettings;
import io.github.futuresockets.impl.transport.DirectTransport;
import io.github.futuresockets.impl.transport.FileTransport;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.util.Optional;

/** A network whose channels throw wherever the JDK or the system may throw. */
record FaultyChannels(Network below, Faults faults) implements Network {
    @Override
    public boolean supports(SocketAddress address) {
        return below.supports(address);
    }

    @Override
    public NetworkChannel probe(SocketAddress address) throws IOException {
        faults.at(Kind.JDK, "probe");
        return below.probe(address);
    }

    @Override
    public Attempt connect(SocketAddress remote, ConnectSettings settings, ConnectCallback callback)
            throws IOException {
        faults.at(Kind.JDK, "connect");
        return below.connect(remote, settings, (transport, failure) -> callback.connected(over(transport), failure));
    }

    @Override
    public Listener listen(SocketAddress local, ListenSettings settings, AcceptCallback callback) throws IOException {
        faults.at(Kind.JDK, "listen");
        Listener listener =
                below.listen(local, settings, (transport, failure) -> callback.accepted(over(transport), failure));
        return new Listener() {
            @Override
            public SocketAddress localAddress() {
                faults.at(Kind.JDK, "localAddress");
                return listener.localAddress();
            }

            @Override
            public void want() {
                faults.at(Kind.JDK, "accept");
                listener.want();
            }

            @Override
            public void close(Runnable closed) {
                listener.close(closed);
            }
        };
    }

    private Transport over(Transport transport) {
        return transport == null ? null : new FaultyTransport(transport, faults);
    }

    private record FaultyTransport(Transport below, Faults faults) implements Transport {
        @Override
        public void listen(Listener listener) {
            below.listen(listener);
        }

        @Override
        public boolean isOpening() {
            return below.isOpening();
        }

        @Override
        public ByteBuffer read(int max, boolean ask) throws IOException {
            faults.at(Kind.JDK, "read");
            return below.read(max, ask);
        }

        @Override
        public boolean settles(Runnable then) {
            return below.settles(then);
        }

        @Override
        public boolean isWithinRecord() {
            return below.isWithinRecord();
        }

        @Override
        public void awaitReadable() {
            faults.at(Kind.JDK, "awaitReadable");
            below.awaitReadable();
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            faults.at(Kind.JDK, "write");
            return below.write(src);
        }

        @Override
        public void awaitWritable() {
            faults.at(Kind.JDK, "awaitWritable");
            below.awaitWritable();
        }

        @Override
        public DirectTransport direct() {
            DirectTransport direct = below.direct();
            return direct == null ? null : new FaultyDirectTransport(direct, faults);
        }

        @Override
        public FileTransport files() {
            FileTransport files = below.files();
            return files == null
                    ? null
                    : (file, position, most) -> {
                        faults.at(Kind.JDK, "send");
                        return files.send(file, position, most);
                    };
        }

        @Override
        public boolean shutdownOutput(boolean last) throws IOException {
            faults.at(Kind.JDK, "shutdownOutput");
            return below.shutdownOutput(last);
        }

        /** Closes the transport below before the error is thrown, so that an injected error leaks no descriptor. */
        @Override
        public void close(boolean reset, Runnable closed) {
            below.close(reset, closed);
            faults.at(Kind.JDK, "close");
        }

        @Override
        public void released() {
            below.released();
        }

        @Override
        public Optional<TlsSession> tlsSession() {
            return below.tlsSession();
        }

        @Override
        public <T> T getOption(SocketOption<T> name) throws IOException {
            return below.getOption(name);
        }

        @Override
        public <T> void setOption(SocketOption<T> name, T value) throws IOException {
            below.setOption(name, value);
        }

        @Override
        public SocketAddress localAddress() {
            return below.localAddress();
        }

        @Override
        public SocketAddress remoteAddress() {
            return below.remoteAddress();
        }

        @Override
        public IoLoop loop() {
            return below.loop();
        }
    }

    private record FaultyDirectTransport(DirectTransport below, Faults faults) implements DirectTransport {
        @Override
        public boolean mayRead() {
            return below.mayRead();
        }

        @Override
        public int read(ByteBuffer dst) throws IOException {
            faults.at(Kind.JDK, "direct read");
            return below.read(dst);
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            faults.at(Kind.JDK, "direct write");
            return below.write(src);
        }
    }
}
