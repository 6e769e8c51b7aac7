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
 * The part of a transport over a channel without the transfers. Subclasses read, write and close.
 *
 * @param <C> the type of the channel
 */
abstract class ChannelTransport<C extends NetworkChannel> implements Transport {
    /** The maximum of {@code underused}. The next small read shrinks the size. */
    private static final int SHRINK_AFTER = 16;

    final IoLoop loop;
    final C channel;
    private final SocketAddress local;
    private final SocketAddress remote;

    // the reading thread's alone
    /** The size of the pooled buffer for the next read, in bytes. */
    private int size = BufferPool.SMALL;

    /**
     * The number of small reads since the last change of the size, or since the last read of more than half the size.
     */
    private byte underused;

    /**
     * Makes the transport of a connected channel.
     *
     * @throws IOException if the channel is closed
     */
    ChannelTransport(IoLoop loop, C channel, @Nullable SocketAddress remote) throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.local = Objects.requireNonNull(channel.getLocalAddress());
        this.remote = Objects.requireNonNull(remote);
    }

    /** Returns the channel. */
    public final C channel() {
        return channel;
    }

    /** Returns the size of the pooled buffer for the next read, in bytes. */
    final int size() {
        return size;
    }

    /**
     * Adapts the size of the next buffer to a read of {@code count} bytes. A read of at least the present size selects
     * the next larger size at once. After more than {@code SHRINK_AFTER} small reads, the size shrinks to
     * {@link BufferPool#SMALL}. A small read has at most {@code SMALL} bytes.
     */
    final void brought(int count) {
        if (count > size / 2) {
            size = count < size ? size : size == BufferPool.SMALL ? BufferPool.LARGE : BufferPool.HUGE;
            underused = 0;
        } else if (size > BufferPool.SMALL && count > 0 && count <= BufferPool.SMALL && ++underused > SHRINK_AFTER) {
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
