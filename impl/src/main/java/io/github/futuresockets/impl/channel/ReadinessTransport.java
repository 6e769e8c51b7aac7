package io.github.futuresockets.impl.channel;

import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.loop.EventLoopChannel;
import io.github.futuresockets.loop.ReadinessChannel;
import io.github.futuresockets.loop.ReadinessListener;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A transport over a channel that is used by readiness: transfers are tried at once on any thread, and a chunk is taken only when
 * there are bytes.
 */
public final class ReadinessTransport extends ChannelTransport<ReadinessChannel> implements ReadinessListener {
    /*
     * `wanted` is the size of the fill that waits, 0 if none does; `draining` the chunk of the write that waits. Whoever
     * starts an operation sets them before it asks for readiness, and then looks whether the channel has been closed
     * meanwhile; the loop, which alone clears them and calls back, looks at them after it has closed. So no
     * operation is left unanswered. The other fields are used by one fill, or one write, at a time.
     *
     * While the kernel sends from a file the channel stays open: older releases of the JDK, 17 too, let the descriptor go, and
     * the rest would be sent to whoever gets its number. The sender says under the lock of the write side that it sends, and
     * then looks whether this is closed; a close says that it is, and then looks under the lock whether one sends. So either
     * nothing is sent any more, or the close comes behind it.
     */
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private volatile int wanted;
    private volatile @Nullable ByteBuffer draining;
    private volatile boolean closed;

    private @Nullable ByteBuffer filled;

    public ReadinessTransport(IoLoop loop, ReadinessChannel channel) throws IOException {
        super(loop, channel, channel.getRemoteAddress());
        channel.listen(this);
    }

    @Override
    public int fill(int most, boolean ask) throws IOException {
        if (ask || channel.mayRead()) {
            int count = read(most);
            if (count != 0) {
                return count;
            }
        }
        wanted = most;
        try {
            channel.awaitReadable();
        } catch (Throwable e) {
            wanted = 0;
            throw e;
        }
        failIfClosed();
        return PENDING;
    }

    private int read(int most) throws IOException {
        ByteBuffer chunk = loop.chunks().acquire(Math.min(most, size()));
        chunk.limit(Math.min(most, chunk.capacity()));
        int count = 0;
        try {
            count = channel.tryRead(chunk);
            brought(count);
            return count;
        } finally {
            if (count > 0) {
                filled = chunk.flip();
            } else {
                loop.chunks().release(chunk);
            }
        }
    }

    @Override
    public ByteBuffer filled() {
        ByteBuffer chunk = Objects.requireNonNull(filled);
        filled = null;
        return chunk;
    }

    @Override
    public void readable() {
        loop.entered();
        int most = wanted;
        if (most == 0) {
            return;
        }
        int count;
        try {
            count = read(most);
            if (count == 0) {
                channel.awaitReadable();
                return;
            }
        } catch (Throwable e) {
            answerFill(null, Errors.asIOException("read from " + remoteAddress(), e));
            return;
        }
        answerFill(count < 0 ? null : filled(), null);
    }

    /** A poll tells a thousand channels at most, so a task behind it can come before what it has not told yet. */
    @Override
    public void retry() {
        readable();
    }

    private void answerFill(@Nullable ByteBuffer chunk, @Nullable IOException failure) {
        wanted = 0;
        reads().filled(chunk, failure);
    }

    @Override
    public int write(ByteBuffer chunk) throws IOException {
        int count = channel.tryWrite(chunk);
        if (count != 0 || !chunk.hasRemaining()) {
            return count;
        }
        await(chunk);
        return PENDING;
    }

    /** Waits for room for that; if this throws nobody waits. */
    private void await(ByteBuffer chunk) {
        draining = chunk;
        try {
            channel.awaitWritable();
        } catch (Throwable e) {
            draining = null;
            throw e;
        }
        failIfClosed();
    }

    @Override
    public boolean takesLent() {
        return true;
    }

    @Override
    public boolean fillsLent() {
        return channel.mayRead();
    }

    @Override
    public int tryRead(ByteBuffer lent) throws IOException {
        int count = channel.tryRead(lent);
        brought(count);
        return count;
    }

    @Override
    public int tryWrite(ByteBuffer lent) throws IOException {
        return channel.tryWrite(lent);
    }

    /** TCP only: of other families each kernel has its own opinion. */
    @Override
    public boolean sendsFiles() {
        return channel instanceof EventLoopChannel && remoteAddress() instanceof InetSocketAddress;
    }

    @Override
    public int send(FileChannel file, long position, int most) throws IOException {
        if (closed) {
            throw new AsynchronousCloseException();
        }
        return ((EventLoopChannel) channel).trySend(file, position, most);
    }

    @Override
    public void awaitRoom() {
        await(NOTHING);
    }

    @Override
    public void writable() {
        loop.entered();
        ByteBuffer chunk = draining;
        if (chunk == null) {
            return;
        }
        int count = 0;
        IOException failure = null;
        try {
            count = channel.tryWrite(chunk);
            if (count == 0 && chunk.hasRemaining()) {
                channel.awaitWritable();
                return;
            }
        } catch (Throwable e) {
            failure = Errors.asIOException("write to " + remoteAddress(), e);
        }
        draining = null;
        writes().wrote(count, failure);
    }

    @Override
    public int shutdownOutput(boolean last) throws IOException {
        if (!last) {
            channel.shutdownOutput();
        }
        return 0;
    }

    @Override
    public void close(boolean reset, Runnable released) {
        closed = true;
        if (!defers(() -> closeNow(reset, released))) {
            closeNow(reset, released);
        }
    }

    /** With a linger time of 0 the kernel sends a reset (RFC 9293, 3.10.5: abort). */
    private void closeNow(boolean reset, Runnable released) {
        try {
            if (reset && loop.inLoop() && channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (Throwable e) {
            Log.log(Level.DEBUG, "abort of " + remoteAddress(), e);
        }
        try {
            channel.close(loop.inLoop() ? () -> released(released) : released);
        } finally {
            failOutstanding();
        }
    }

    private void released(Runnable then) {
        loop.entered();
        then.run();
    }

    private void failIfClosed() {
        if (closed) {
            loop.execute(this::failOutstanding);
        }
    }

    private void failOutstanding() {
        if (wanted != 0) {
            answerFill(null, new AsynchronousCloseException());
        }
        if (draining != null) {
            draining = null;
            writes().wrote(0, new AsynchronousCloseException());
        }
    }
}
