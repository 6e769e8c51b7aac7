package io.github.futuresockets.impl.channel;

import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
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
 * A listener with a listening channel on each loop. The kernel distributes the connections over the listening channels
 * (SO_REUSEPORT). An accepted channel stays on the loop of its listening channel.
 *
 * <p>The first channel binds without SO_REUSEPORT, so the kernel refuses a port that any other listener has. From then
 * on the port belongs to this listener. The first channel then gets SO_REUSEPORT, and the other channels join. If the
 * options of the user have SO_REUSEPORT, the port may be shared with other listeners.
 *
 * <p>A single listening channel is used in these cases:
 * <ul>
 *   <li>There is only a single loop.
 *   <li>The system is not Linux, and does not distribute connections.
 *   <li>The loops distribute the accepted channels without the help of the kernel, as the loop provider does.
 * </ul>
 */
final class ChannelListener implements Network.Listener {
    // written by the opening thread before the first use by other threads
    private final List<Acceptor> acceptors = new ArrayList<>();

    private final ChannelNetwork channels;
    private final ListenSettings settings;
    private final Network.AcceptCallback callback;

    // written by the opening thread before the first use by other threads
    /** The file of a Unix-domain listener, or null. */
    private @Nullable SocketFile file;

    private ChannelListener(ChannelNetwork channels, ListenSettings settings, Network.AcceptCallback callback) {
        this.channels = channels;
        this.settings = settings;
        this.callback = callback;
    }

    /**
     * Opens and binds the listening channels. With port 0, the first bind selects the port for all channels.
     *
     * @param channels sets the options and makes the transports
     * @param loops the loops of the listening channels. Only the first loop is used on systems other than Linux
     * @param local the address
     * @param settings the options
     * @param callback called on a loop for each accepted connection and each failure
     * @return the open listener
     * @throws IOException if a channel cannot be opened or bound, or if the port is taken
     */
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
            SocketAddress address = local;
            for (ChannelLoop loop : shared ? loops : loops.subList(0, 1)) {
                Acceptor acceptor = listener.new Acceptor(loop, local);
                listener.acceptors.add(acceptor);
                boolean first = listener.acceptors.size() == 1;
                acceptor.bind(address, !first);
                if (first) {
                    listener.file = SocketFile.of(local);
                    address = Objects.requireNonNull(acceptor.server.getLocalAddress());
                }
                if (first && shared) {
                    acceptor.share();
                }
            }
            return listener;
        } catch (Throwable e) {
            listener.close(() -> {});
            throw e;
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

    /** A listening channel on a loop, with at most a single pending accept. */
    private final class Acceptor implements CompletionHandler<AsynchronousSocketChannel, Void> {
        private final ChannelLoop loop;
        private final AsynchronousServerSocketChannel server;

        /** True while an accept is pending. Written by any thread. */
        private final AtomicBoolean accepting = new AtomicBoolean();

        Acceptor(ChannelLoop loop, SocketAddress local) throws IOException {
            this.loop = loop;
            this.server = loop.openListener(local);
        }

        /** Sets the options and binds the channel. {@code joins} is true if another channel shares the port. */
        void bind(SocketAddress local, boolean joins) throws IOException {
            channels.setAllOptions(server, settings.options());
            if (joins) {
                share();
            }
            server.bind(local, settings.backlog());
        }

        /** Lets further channels of this user join the port. */
        void share() throws IOException {
            server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }

        /**
         * Starts an accept, unless an accept is pending. A failure of the start is reported on the loop. Callable from
         * any thread.
         */
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
