package io.github.futuresockets.impl.channel;

import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One listening channel for each loop, where an accepted channel stays with the loop of its listener; the kernel deals the
 * connections out (SO_REUSEPORT). With one loop, and where the system cannot do that, it is a single one; so it is on loops
 * that deal the connections out themselves.
 */
final class ChannelListener implements Network.Listener {
    private final List<Acceptor> acceptors = new ArrayList<>();
    private final ChannelNetwork channels;
    private final ListenSettings settings;
    private final Network.AcceptCallback callback;

    /** Made by the one bind of a listener that has a path. */
    private @Nullable SocketFile file;

    private ChannelListener(ChannelNetwork channels, ListenSettings settings, Network.AcceptCallback callback) {
        this.channels = channels;
        this.settings = settings;
        this.callback = callback;
    }

    static ChannelListener open(
            ChannelNetwork channels,
            List<? extends ChannelLoop> loops,
            SocketAddress local,
            ListenSettings settings,
            Network.AcceptCallback callback)
            throws IOException {
        ChannelListener listener = new ChannelListener(channels, settings, callback);
        boolean shared = loops.size() > 1 && System.getProperty("os.name").equals("Linux");
        try {
            if (shared && ((InetSocketAddress) local).getPort() != 0) {
                listener.refuseIfTaken(loops.get(0), local);
            }
            SocketAddress address = local;
            for (ChannelLoop loop : shared ? loops : loops.subList(0, 1)) {
                Acceptor acceptor = listener.new Acceptor(loop, local);
                listener.acceptors.add(acceptor);
                acceptor.bind(address, shared);
                address = Objects.requireNonNull(acceptor.server.getLocalAddress());
                listener.file = SocketFile.of(address);
            }
            return listener;
        } catch (Throwable e) {
            listener.close(() -> {});
            throw e;
        }
    }

    /**
     * With SO_REUSEPORT a second listener of the same user would bind without an error and steal connections. A listener whose
     * options have SO_REUSEPORT is meant to share its port, and the probe binds.
     */
    private void refuseIfTaken(ChannelLoop loop, SocketAddress local) throws IOException {
        try (AsynchronousServerSocketChannel probe = loop.openListener(local)) {
            channels.setAllOptions(probe, settings.options());
            probe.bind(local);
        }
    }

    @Override
    public SocketAddress localAddress() {
        try {
            return Objects.requireNonNull(acceptors.get(0).server.getLocalAddress());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void want() {
        acceptors.forEach(Acceptor::want);
    }

    @Override
    public void close(Runnable closed) {
        if (file != null) {
            file.delete();
        }
        AtomicInteger open = new AtomicInteger(acceptors.size());
        for (Acceptor each : acceptors) {
            each.loop.run(() -> {
                ChannelNetwork.closeQuietly(each.server);
                if (open.decrementAndGet() == 0) {
                    closed.run();
                }
            });
        }
    }

    private final class Acceptor implements CompletionHandler<AsynchronousSocketChannel, Void> {
        private final ChannelLoop loop;
        private final AsynchronousServerSocketChannel server;
        private final AtomicBoolean accepting = new AtomicBoolean();

        Acceptor(ChannelLoop loop, SocketAddress local) throws IOException {
            this.loop = loop;
            this.server = loop.openListener(local);
        }

        void bind(SocketAddress local, boolean shared) throws IOException {
            channels.setAllOptions(server, settings.options());
            if (shared) {
                server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            server.bind(local, settings.backlog());
        }

        void want() {
            if (accepting.compareAndSet(false, true)) {
                try {
                    server.accept(null, this);
                } catch (Throwable e) {
                    accepting.set(false);
                    loop.execute(() -> callback.accepted(null, e));
                }
            }
        }

        @Override
        public void completed(AsynchronousSocketChannel channel, Void attachment) {
            accepting.set(false);
            loop.enter(() -> {
                Transport transport;
                try {
                    channels.setAllOptions(channel, settings.options());
                    transport = channels.transport(loop, channel);
                } catch (Throwable e) {
                    ChannelNetwork.closeQuietly(channel);
                    callback.accepted(null, e);
                    return;
                }
                callback.accepted(transport, null);
            });
        }

        @Override
        public void failed(Throwable failure, Void attachment) {
            accepting.set(false);
            loop.enter(() -> callback.accepted(null, failure));
        }
    }
}
