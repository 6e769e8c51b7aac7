package io.github.futuresockets.impl.memory;

import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.loop.ReadinessChannel;
import io.github.futuresockets.loop.ReadinessListener;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One end of a connection in memory, over a {@link MemoryPipe} for each direction. Thread-safe. */
public final class MemoryChannel implements ReadinessChannel {
    private static final Map<SocketOption<?>, Object> OPTIONS = Map.of(
            StandardSocketOptions.SO_SNDBUF,
            FaultPlan.NONE.capacity(),
            StandardSocketOptions.SO_RCVBUF,
            FaultPlan.NONE.capacity(),
            StandardSocketOptions.SO_KEEPALIVE,
            false,
            StandardSocketOptions.SO_REUSEADDR,
            false,
            StandardSocketOptions.SO_LINGER,
            -1,
            StandardSocketOptions.TCP_NODELAY,
            false);

    private final IoLoop loop;
    private final MemoryPipe in;
    private final MemoryPipe out;
    private final SocketAddress local;
    private final SocketAddress remote;
    private final Map<SocketOption<?>, Object> options = new ConcurrentHashMap<>(OPTIONS);
    private final AtomicBoolean closed = new AtomicBoolean();

    /** The receiver of readiness. Set before the first wait. */
    private @Nullable ReadinessListener listener;

    MemoryChannel(IoLoop loop, MemoryPipe in, MemoryPipe out, SocketAddress local, SocketAddress remote) {
        this.loop = loop;
        this.in = in;
        this.out = out;
        this.local = local;
        this.remote = remote;
    }

    @Override
    public void listen(ReadinessListener who) {
        listener = who;
    }

    @Override
    public boolean mayRead() {
        return true;
    }

    @Override
    public int tryRead(ByteBuffer dst) throws IOException {
        ensureOpen();
        return in.read(dst);
    }

    @Override
    public int tryWrite(ByteBuffer src) throws IOException {
        ensureOpen();
        return out.write(src);
    }

    @Override
    public void awaitReadable() {
        in.awaitReadable(() -> loop.execute(Objects.requireNonNull(listener)::readable));
    }

    @Override
    public void awaitWritable() {
        out.awaitWritable(() -> loop.execute(Objects.requireNonNull(listener)::writable));
    }

    @Override
    public NetworkChannel shutdownOutput() throws IOException {
        ensureOpen();
        out.end();
        return this;
    }

    /** Closes the channel with a reset. */
    public void reset() {
        options.put(StandardSocketOptions.SO_LINGER, 0);
        close();
    }

    /**
     * Closes the channel. If unread bytes are left, or if the linger time is 0, the peer sees a reset, as over TCP.
     *
     * @param released runs on the loop, unless the channel was closed before
     */
    @Override
    public void close(Runnable released) {
        if (closed.compareAndSet(false, true)) {
            try {
                if (in.abandon() || Objects.equals(options.get(StandardSocketOptions.SO_LINGER), 0)) {
                    out.reset();
                } else {
                    out.end();
                }
            } finally {
                loop.execute(released);
            }
        }
    }

    @Override
    public void close() {
        close(() -> {});
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public NetworkChannel bind(@Nullable SocketAddress address) {
        throw new AlreadyConnectedException();
    }

    @Override
    public SocketAddress getLocalAddress() {
        return local;
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return remote;
    }

    @Override
    public <T> NetworkChannel setOption(SocketOption<T> name, T value) throws IOException {
        ensureOpen();
        require(name);
        if (name == StandardSocketOptions.SO_SNDBUF) {
            out.capacity(size(value));
        } else if (name == StandardSocketOptions.SO_RCVBUF) {
            in.capacity(size(value));
        }
        options.put(name, value);
        return this;
    }

    private static int size(Object value) {
        if ((Integer) value < 0) {
            throw new IllegalArgumentException("a buffer of " + value + " bytes");
        }
        return (Integer) value;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(SocketOption<T> name) throws IOException {
        ensureOpen();
        require(name);
        return (T) Objects.requireNonNull(options.get(name));
    }

    private static void require(SocketOption<?> name) {
        if (!OPTIONS.containsKey(name)) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return OPTIONS.keySet();
    }

    @Override
    public String toString() {
        return "MemoryChannel[" + local + " -> " + remote + "]";
    }
}
