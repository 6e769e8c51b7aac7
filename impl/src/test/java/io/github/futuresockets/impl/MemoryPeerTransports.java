package io.github.futuresockets.impl;

import io.github.futuresockets.impl.channel.ReadinessTransport;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.common.SystemClock;
import io.github.futuresockets.impl.memory.MemoryChannel;
import io.github.futuresockets.impl.memory.MemoryFabric;
import io.github.futuresockets.impl.memory.MemoryLoop;
import io.github.futuresockets.impl.memory.MemoryPorts;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.PeerTransports;
import io.github.futuresockets.impl.transport.ConnectSettings;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Transport;
import io.github.futuresockets.loop.ReadinessListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Blocking peers for sockets in memory. The peers use the in-memory channels directly and nothing above the channels.
 */
public final class MemoryPeerTransports implements PeerTransports {
    private final MemoryLoop loop = new MemoryLoop(Supplies.Memory.JVM);
    private final MemoryFabric channels =
            new MemoryFabric(MemoryPorts.SHARED, loop, new SystemClock(Supplies.Threads.JVM), Map.of());

    @Override
    public PeerTransport connect(SocketAddress listener) throws IOException {
        CompletableFuture<MemoryChannel> channel = new CompletableFuture<>();
        channels.connect(listener, new ConnectSettings(Duration.ZERO), (transport, failure) -> {
            if (transport != null) {
                channel.complete(channelOf(transport));
            } else {
                channel.completeExceptionally(failure);
            }
        });
        return new MemoryWire(Await.value(channel));
    }

    private static MemoryChannel channelOf(Transport transport) {
        return (MemoryChannel) ((ReadinessTransport) transport).channel();
    }

    @Override
    public Listener listen(SocketAddress address, int receiveBuffer) throws IOException {
        BlockingQueue<Optional<MemoryChannel>> accepted = new LinkedBlockingQueue<>();
        Network.Listener listener = channels.listen(
                address, new ListenSettings(), (transport, failure) -> accepted.add(Optional.of(channelOf(transport))));
        return new Listener() {
            @Override
            public SocketAddress address() {
                return listener.localAddress();
            }

            @Override
            public PeerTransport accept() throws IOException {
                listener.want();
                MemoryChannel channel = within(accepted::poll).orElseThrow(ClosedChannelException::new);
                if (receiveBuffer > 0) {
                    channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
                }
                return new MemoryWire(channel);
            }

            /** Ends the accept of another thread, too. */
            @Override
            public void close() {
                listener.close(() -> {});
                accepted.add(Optional.empty());
            }
        };
    }

    @Override
    public InetSocketAddress silent(InetAddress host) {
        try {
            InetSocketAddress address = MemoryPorts.SHARED.free(host);
            MemoryPorts.SHARED.silence(address);
            return address;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Poll<T> {
        T poll(long time, TimeUnit unit) throws InterruptedException;
    }

    private static <T> T within(Poll<T> polling) throws IOException {
        try {
            T found = polling.poll(Await.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (found == null || Boolean.FALSE.equals(found)) {
                throw new SocketTimeoutException("nothing came");
            }
            return found;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class MemoryWire extends InputStream implements PeerTransport, ReadinessListener {
        private final MemoryChannel channel;
        private final Semaphore readable = new Semaphore(0);
        private final Semaphore writable = new Semaphore(0);

        MemoryWire(MemoryChannel channel) {
            this.channel = channel;
            channel.listen(this);
        }

        @Override
        public void readable() {
            readable.release();
        }

        @Override
        public void writable() {
            writable.release();
        }

        @Override
        public SocketAddress localAddress() {
            return channel.getLocalAddress();
        }

        @Override
        public SocketAddress remoteAddress() {
            return channel.getRemoteAddress();
        }

        @Override
        public InputStream input() {
            return this;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = channel.tryRead(ByteBuffer.wrap(bytes, offset, length));
            while (count == 0 && length > 0) {
                channel.awaitReadable();
                within(readable::tryAcquire);
                count = channel.tryRead(ByteBuffer.wrap(bytes, offset, length));
            }
            return count;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                if (channel.tryWrite(bytes) == 0) {
                    channel.awaitWritable();
                    writable.acquireUninterruptibly();
                }
            }
        }

        @Override
        public void end() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public void reset() throws ClosedChannelException {
            channel.reset();
        }

        @Override
        public void close() {
            channel.close();
        }
    }
}
