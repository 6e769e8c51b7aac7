package io.github.futuresockets.impl.channel;

import io.github.futuresockets.impl.transport.BufferPool;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A transport over a channel: all but the moving of bytes.
 *
 * @param <C> the kind of channel
 */
abstract class ChannelTransport<C extends NetworkChannel> implements Transport {
    private static final int SHRINK_AFTER = 16;

    final IoLoop loop;
    final C channel;
    private final SocketAddress local;
    private final SocketAddress remote;
    private @Nullable Reader reader;
    private @Nullable Writer writer;

    /** The size of the chunk for the next fill, and how many in a row were too large; used by one fill at a time. */
    private int size = BufferPool.SMALL;

    private byte underused;

    ChannelTransport(IoLoop loop, C channel, @Nullable SocketAddress remote) throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.local = Objects.requireNonNull(channel.getLocalAddress());
        this.remote = Objects.requireNonNull(remote);
    }

    @Override
    public final void connect(Reader reads, Writer writes) {
        reader = reads;
        writer = writes;
    }

    final Reader reads() {
        return Objects.requireNonNull(reader);
    }

    final Writer writes() {
        return Objects.requireNonNull(writer);
    }

    /** Has {@code close} wait while the kernel sends from a file; false if it does not. */
    final boolean defers(Runnable close) {
        return writer != null && writer.defers(close);
    }

    /** Returns the channel below. */
    public final C channel() {
        return channel;
    }

    final int size() {
        return size;
    }

    /** A fill has brought so many bytes: the size grows at once, and shrinks slowly. */
    final void brought(int count) {
        if (count > size / 2) {
            size = count < size ? size : size == BufferPool.SMALL ? BufferPool.LARGE : BufferPool.HUGE;
            underused = 0;
        } else if (size > BufferPool.SMALL && count <= BufferPool.SMALL && ++underused > SHRINK_AFTER) {
            size = BufferPool.SMALL;
            underused = 0;
        }
    }

    @Override
    public final <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public final <T> void setOption(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
    }

    @Override
    public final SocketAddress localAddress() {
        return local;
    }

    @Override
    public final SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public final IoLoop loop() {
        return loop;
    }
}
