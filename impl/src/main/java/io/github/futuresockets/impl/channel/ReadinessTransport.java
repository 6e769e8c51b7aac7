package io.github.futuresockets.impl.channel;

import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.transport.DirectTransport;
import io.github.futuresockets.impl.transport.FileTransport;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.loop.EventLoopChannel;
import io.github.futuresockets.loop.ReadinessChannel;
import io.github.futuresockets.loop.ReadinessListener;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A transport over a channel that is used by readiness. Each read and each write is a single attempt of the channel, on
 * the calling thread. A read takes its buffer from the pool, and a read without bytes returns the buffer. Therefore a
 * connection at rest holds no buffer.
 */
public final class ReadinessTransport extends ChannelTransport<ReadinessChannel>
        implements DirectTransport, FileTransport, ReadinessListener {
    // set before the first request, or on the loop while no thread reads or writes
    private @Nullable Listener listener;

    /**
     * Makes the transport of a connected channel, and sets the listener of the channel.
     *
     * @param loop the I/O thread of the channel
     * @param channel a channel without a listener
     * @throws IOException if the channel is closed
     */
    public ReadinessTransport(IoLoop loop, ReadinessChannel channel) throws IOException {
        super(loop, channel, channel.getRemoteAddress());
        channel.listen(this);
    }

    @Override
    public void listen(Listener who) {
        listener = who;
    }

    /** Passes the signal on, unless the channel was closed while the signal was on its way. */
    @Override
    public void readable() {
        loop.entered();
        if (channel.isOpen()) {
            Objects.requireNonNull(listener).readable();
        }
    }

    /** Passes the signal on, unless the channel was closed while the signal was on its way. */
    @Override
    public void writable() {
        loop.entered();
        if (channel.isOpen()) {
            Objects.requireNonNull(listener).writable();
        }
    }

    @Override
    public @Nullable ByteBuffer read(int max, boolean ask) throws IOException {
        if (!ask && !channel.mayRead()) {
            return NOTHING;
        }
        ByteBuffer chunk = loop.chunks().acquire(Math.min(max, size()));
        chunk.limit(Math.min(max, chunk.capacity()));
        int count = 0;
        try {
            count = channel.tryRead(chunk);
            brought(count);
        } finally {
            if (count <= 0) {
                loop.chunks().release(chunk);
            }
        }
        return count > 0 ? chunk.flip() : count == 0 ? NOTHING : null;
    }

    @Override
    public void awaitReadable() {
        channel.awaitReadable();
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        return channel.tryWrite(src);
    }

    @Override
    public void awaitWritable() {
        channel.awaitWritable();
    }

    @Override
    public boolean shutdownOutput(boolean last) throws IOException {
        if (!last) {
            channel.shutdownOutput();
        }
        return true;
    }

    @Override
    public DirectTransport direct() {
        return this;
    }

    @Override
    public boolean mayRead() {
        return channel.mayRead();
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        int count = channel.tryRead(dst);
        brought(count);
        return count;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Only TCP has this ability, because kernels differ in transfers to sockets of other families.
     */
    @Override
    public @Nullable FileTransport files() {
        return channel instanceof EventLoopChannel && remoteAddress() instanceof InetSocketAddress ? this : null;
    }

    @Override
    public int send(FileChannel file, long position, int most) throws IOException {
        return ((EventLoopChannel) channel).trySend(file, position, most);
    }

    /**
     * {@inheritDoc}
     *
     * <p>With a linger time of 0, the kernel sends a reset (RFC 9293, 3.10.5, abort). No reset is sent if the channel
     * has no linger time, or if the loop has ended.
     */
    @Override
    public void close(boolean reset, Runnable closed) {
        try {
            if (reset && loop.inLoop() && channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (Throwable e) {
            Log.log(Level.DEBUG, "abort of " + remoteAddress(), e);
        }
        channel.close(loop.inLoop() ? () -> closed(closed) : closed);
    }

    /** Calls the callback of a close, as an entry of the I/O thread. */
    private void closed(Runnable then) {
        loop.entered();
        then.run();
    }
}
