package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.SilentAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tests of bind, connect, accept and socket options against the documentation of NIO.2. */
abstract class ConnectSpecification extends ProviderFixture {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void accept_newChannel_isOpenAndConnected() throws Exception {
        AsynchronousSocketChannel channel = connect();
        assertTrue(channel.isOpen());
        assertSame(provider, channel.provider());
        assertEquals(peer.getLocalAddress(), channel.getRemoteAddress());
        assertEquals(peer.getRemoteAddress(), channel.getLocalAddress());
    }

    @Test
    void accept_connectedBefore_completes() throws Exception {
        peer.connect(listener.getLocalAddress());
        Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
        listener.accept(null, accept);
        assertEquals(peer.getLocalAddress(), accept.value().getRemoteAddress());
        assertEquals(THREAD, accept.thread().getName());
    }

    @Test
    void connect_refused_failsAndClosesChannel() throws Exception {
        SocketAddress address = listener.getLocalAddress();
        listener.close();
        AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(group);
        Outcome<Void> connect = new Outcome<>();
        channel.connect(address, null, connect);
        assertInstanceOf(IOException.class, connect.failure());
        assertFalse(channel.isOpen());
    }

    @Test
    void connect_pending_refusesConnectAndBind() throws Exception {
        AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(group);
        try (SilentAddress silent = new SilentAddress()) {
            Future<Void> connect = channel.connect(silent.address());
            assertFalse(connect.isDone());
            assertThrows(ConnectionPendingException.class, () -> channel.connect(silent.address()));
            assertThrows(ConnectionPendingException.class, () -> channel.bind(ANY_PORT));
            channel.close();
            assertInstanceOf(AsynchronousCloseException.class, failureOf(connect));
            assertInstanceOf(ClosedChannelException.class, failureOf(channel.connect(silent.address())));
        }
    }

    @Test
    void bind_boundChannel_throws() throws Exception {
        try (AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(group)) {
            assertEquals(null, channel.getLocalAddress());
            assertThrows(UnsupportedAddressTypeException.class, () -> channel.bind(new SocketAddress() {}));
            assertSame(channel, channel.bind(ANY_PORT));
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            assertThrows(AlreadyBoundException.class, () -> channel.bind(ANY_PORT));
            Future<AsynchronousSocketChannel> accept = listener.accept();
            get(channel.connect(listener.getLocalAddress()));
            assertEquals(port, ((InetSocketAddress) get(accept).getRemoteAddress()).getPort());
        }
    }

    @Test
    void bind_closedChannel_throws() throws Exception {
        AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(group);
        channel.close();
        assertThrows(ClosedChannelException.class, () -> channel.bind(null));
        listener.close();
        assertThrows(ClosedChannelException.class, () -> listener.bind(null));
    }

    @Test
    void bind_boundListenerOrUsedAddress_throws() throws Exception {
        assertThrows(AlreadyBoundException.class, () -> listener.bind(ANY_PORT));
        try (AsynchronousServerSocketChannel other = provider.openAsynchronousServerSocketChannel(group)) {
            assertThrows(UnsupportedAddressTypeException.class, () -> other.bind(new SocketAddress() {}));
            SocketAddress used = listener.getLocalAddress();
            assertThrows(BindException.class, () -> other.bind(used));
        }
        try (AsynchronousServerSocketChannel any = provider.openAsynchronousServerSocketChannel(group)) {
            assertNotNull(any.bind(null, 5).getLocalAddress());
        }
    }

    @Test
    void accept_manyConnections_inOrder() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (AsynchronousSocketChannel client = provider.openAsynchronousSocketChannel(group)) {
                Outcome<Void> connect = new Outcome<>();
                client.connect(listener.getLocalAddress(), null, connect);
                try (AsynchronousSocketChannel accepted = get(listener.accept())) {
                    connect.value();
                    assertEquals(client.getLocalAddress(), accepted.getRemoteAddress());
                }
            }
        }
    }

    @Test
    void options_socketChannel_canBeSetAndRead() throws Exception {
        try (AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(group)) {
            set(channel, StandardSocketOptions.TCP_NODELAY, true);
            set(channel, StandardSocketOptions.TCP_NODELAY, false);
            set(channel, StandardSocketOptions.SO_KEEPALIVE, true);
            set(channel, StandardSocketOptions.SO_REUSEADDR, true);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, 100_000);
            assertTrue(channel.getOption(StandardSocketOptions.SO_SNDBUF) >= 100_000);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 100_000);
            assertTrue(channel.getOption(StandardSocketOptions.SO_RCVBUF) >= 100_000);
            set(channel, named(channel, "TCP_KEEPIDLE"), 77);
            set(channel, named(channel, "TCP_KEEPINTERVAL"), 7);
            set(channel, named(channel, "TCP_KEEPCOUNT"), 3);
            set(channel, named(channel, "TCP_QUICKACK"), true);
            for (SocketOption<?> each : channel.supportedOptions()) {
                channel.getOption(each);
            }
        }
    }

    /** Returns the supported option with a name, for the options of the module jdk.net. */
    @SuppressWarnings("unchecked")
    private static SocketOption<Object> named(AsynchronousSocketChannel channel, String name) {
        for (SocketOption<?> each : channel.supportedOptions()) {
            if (each.name().equals(name)) {
                return (SocketOption<Object>) each;
            }
        }
        throw new AssertionError(name + " is not one of " + channel.supportedOptions());
    }

    private static <T> void set(AsynchronousSocketChannel channel, SocketOption<T> option, T value) throws IOException {
        assertSame(channel, channel.setOption(option, value));
        assertEquals(value, channel.getOption(option), option.name());
    }

    @Test
    void options_listener_canBeSetAndRead() throws Exception {
        try (AsynchronousServerSocketChannel channel = provider.openAsynchronousServerSocketChannel(group)) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            assertEquals(true, channel.getOption(StandardSocketOptions.SO_REUSEADDR));
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 100_000);
            assertTrue(channel.getOption(StandardSocketOptions.SO_RCVBUF) >= 100_000);
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> channel.setOption(StandardSocketOptions.TCP_NODELAY, true));
        }
    }

    @Test
    void options_unknownOrIllegalValue_areRefused() throws Exception {
        try (AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(group)) {
            assertThrows(NullPointerException.class, () -> channel.setOption(null, 1));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> channel.getOption(StandardSocketOptions.IP_MULTICAST_LOOP));
            assertThrows(IllegalArgumentException.class, () -> channel.setOption(StandardSocketOptions.SO_SNDBUF, -1));
        }
        listener.close();
        assertThrows(ClosedChannelException.class, () -> listener.setOption(StandardSocketOptions.SO_RCVBUF, 1));
    }

    @Test
    void accept_racingClose_fails() throws Exception {
        for (int round = 0; round < 1_000; round++) {
            AsynchronousServerSocketChannel raced = listener(group);
            Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
            Thread closer = new Thread(() -> {
                try {
                    raced.close();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            closer.start();
            raced.accept(null, accept);
            assertInstanceOf(ClosedChannelException.class, accept.failure());
            closer.join();
        }
    }

    @Test
    void close_listenerInHandler_freesAddressAtOnce() throws Exception {
        Outcome<AsynchronousSocketChannel> accept = new Outcome<>() {
            @Override
            public void completed(AsynchronousSocketChannel channel, Object attachment) {
                try {
                    SocketAddress address = listener.getLocalAddress();
                    listener.close();
                    provider.openAsynchronousServerSocketChannel(group)
                            .bind(address)
                            .close();
                    super.completed(channel, attachment);
                } catch (IOException e) {
                    failed(e, attachment);
                }
            }
        };
        listener.accept(null, accept);
        peer.connect(listener.getLocalAddress());
        accept.value();
    }
}
