package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An echo server over asynchronous channels with plain completion handlers. The baseline for the facade over the same
 * channels.
 *
 * <p>Each thread has a channel group of its own, so no event changes threads and no thread wakes another. Because an
 * accepted channel belongs to the group of its listener, each thread has a listener. All listeners share a port by
 * SO_REUSEPORT.
 */
final class RawEcho implements Peer {
    private final List<AsynchronousChannelGroup> groups = new ArrayList<>();
    private final String name;
    private final AsynchronousChannelProvider provider;
    private final Protocol protocol;

    RawEcho(String name, AsynchronousChannelProvider provider, Protocol protocol) {
        this.name = name;
        this.provider = provider;
        this.protocol = protocol;
    }

    @Override
    public int start(int port, int threads, int buffer) throws IOException {
        int bound = port;
        for (int i = 0; i < threads; i++) {
            AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(1, task -> new Thread(task, name));
            groups.add(group);
            AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group);
            if (threads > 1) {
                listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), bound), 1024);
            bound = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            listener.accept(null, new Acceptor(group, listener, protocol, buffer));
        }
        return bound;
    }

    @Override
    public void close() throws IOException {
        for (AsynchronousChannelGroup group : groups) {
            group.shutdownNow();
        }
    }

    private static final class Acceptor implements CompletionHandler<AsynchronousSocketChannel, Void> {
        private final AsynchronousChannelGroup group;
        private final AsynchronousServerSocketChannel listener;
        private final Protocol protocol;
        private final int buffer;

        Acceptor(
                AsynchronousChannelGroup group,
                AsynchronousServerSocketChannel listener,
                Protocol protocol,
                int buffer) {
            this.group = group;
            this.listener = listener;
            this.protocol = protocol;
            this.buffer = buffer;
        }

        @Override
        public void completed(AsynchronousSocketChannel channel, Void none) {
            listener.accept(null, this);
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                new Connection(channel, new EchoBuffers(protocol, buffer)).read();
            } catch (IOException e) {
                failed(e, none);
            }
        }

        @Override
        public void failed(Throwable failure, Void none) {
            if (!group.isShutdown()) {
                System.err.println("an echo accepts no more: " + failure);
            }
        }
    }

    /** The buffers of a connection, and the handler of its reads and writes. Reads and writes never overlap. */
    private static final class Connection implements CompletionHandler<Integer, Void> {
        private final AsynchronousSocketChannel channel;
        private final EchoBuffers buffers;
        /** The reply in progress, null during a read. */
        private @Nullable ByteBuffer reply;

        Connection(AsynchronousSocketChannel channel, EchoBuffers buffers) {
            this.channel = channel;
            this.buffers = buffers;
        }

        void read() {
            reply = null;
            channel.read(buffers.in(), null, this);
        }

        // The recursion is bounded, because a provider starts a new stack after 16 completions.
        @Override
        public void completed(Integer count, Void none) {
            try {
                if (count < 0) {
                    close();
                    return;
                }
                if (reply == null) {
                    reply = buffers.reply();
                }
                if (reply.hasRemaining()) {
                    channel.write(reply, null, this);
                } else {
                    read();
                }
            } catch (IOException e) {
                failed(e, none);
            }
        }

        @Override
        public void failed(Throwable failure, Void none) {
            close();
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                System.err.println("an echo failed to close: " + e);
            }
        }
    }
}
