package io.github.futuresockets.impl;

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

/**
 * One listening channel for each loop, since an accepted channel stays with the loop of its listener; the kernel deals the
 * connections out (SO_REUSEPORT). With one loop, and where the system cannot do that, it is a single one.
 */
final class Nio2Listener implements Channels.Listener {
    private final List<Acceptor> acceptors = new ArrayList<>();
    private final Nio2Channels channels;
    private final Channels.AcceptCallback callback;

    private Nio2Listener(Nio2Channels channels, Channels.AcceptCallback callback) {
        this.channels = channels;
        this.callback = callback;
    }

    static Nio2Listener open(
            Nio2Channels channels,
            List<Nio2Loop> loops,
            InetSocketAddress local,
            int backlog,
            Channels.AcceptCallback callback)
            throws IOException {
        Nio2Listener listener = new Nio2Listener(channels, callback);
        boolean shared = loops.size() > 1 && System.getProperty("os.name").equals("Linux");
        try {
            if (shared && local.getPort() != 0) {
                refuseIfTaken(loops.get(0), local);
            }
            InetSocketAddress address = local;
            for (Nio2Loop loop : shared ? loops : loops.subList(0, 1)) {
                Acceptor acceptor = listener.new Acceptor(loop);
                listener.acceptors.add(acceptor);
                acceptor.bind(address, backlog, shared);
                address = (InetSocketAddress) acceptor.server.getLocalAddress();
            }
            return listener;
        } catch (Throwable e) {
            listener.close(() -> {});
            throw e;
        }
    }

    /** With SO_REUSEPORT a second listener of the same user would bind without an error and steal connections. */
    private static void refuseIfTaken(Nio2Loop loop, InetSocketAddress local) throws IOException {
        try (AsynchronousServerSocketChannel probe = loop.open(AsynchronousServerSocketChannel::open)) {
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
        AtomicInteger open = new AtomicInteger(acceptors.size());
        for (Acceptor each : acceptors) {
            each.loop.run(() -> {
                Nio2Channels.closeQuietly(each.server);
                if (open.decrementAndGet() == 0) {
                    closed.run();
                }
            });
        }
    }

    private final class Acceptor implements CompletionHandler<AsynchronousSocketChannel, Void> {
        private final Nio2Loop loop;
        private final AsynchronousServerSocketChannel server;
        private final AtomicBoolean accepting = new AtomicBoolean();

        Acceptor(Nio2Loop loop) throws IOException {
            this.loop = loop;
            this.server = loop.open(AsynchronousServerSocketChannel::open);
        }

        void bind(InetSocketAddress local, int backlog, boolean shared) throws IOException {
            channels.setOptions(server);
            if (shared) {
                server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            server.bind(local, backlog);
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
            Nio2Loop.guard(() -> {
                Transport transport;
                try {
                    channels.setOptions(channel);
                    transport = channels.transport(loop, channel);
                } catch (Throwable e) {
                    Nio2Channels.closeQuietly(channel);
                    callback.accepted(null, e);
                    return;
                }
                callback.accepted(transport, null);
            });
        }

        @Override
        public void failed(Throwable failure, Void attachment) {
            accepting.set(false);
            Nio2Loop.guard(() -> callback.accepted(null, failure));
        }
    }
}
