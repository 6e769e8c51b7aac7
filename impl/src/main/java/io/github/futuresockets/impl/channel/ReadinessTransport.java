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
 * A transport over a channel that is used by readiness. A read or write is tried at once, on any thread. If a read
 * finds no byte, its buffer returns to the pool. Therefore a pending fill holds no buffer.
 */
public final class ReadinessTransport extends ChannelTransport<ReadinessChannel> implements ReadinessListener {
    /*
     * Pending operations: `wanted` and `draining` hold the pending fill and the pending write.
     * - The starting thread sets the field, requests readiness, and then reads `closed`. If `closed` is true, a task of
     *   the loop fails the operation.
     * - A close sets `closed`, closes the channel, and then fails the operations in both fields.
     * - The loop clears a field before the answer. The starting thread clears a field only if the request for readiness
     *   throws. Then the operation is not pending.
     * Therefore each pending operation is answered, by readiness or by the close.
     *
     * Files: the channel must stay open while the kernel sends from a file. The JDK up to at least release 17 releases
     * the descriptor during the call. Then the rest of the file would be sent to the next owner of the descriptor.
     * - The sending thread marks the send under the lock of the write side, and then reads `closed`.
     * - A close sets `closed`, and then looks for the mark under the same lock (defers).
     * Therefore either nothing more is sent, or the close runs after the send.
     */
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    // set by the starting thread, cleared by the loop
    /** The largest number of bytes of the pending fill, or 0 if no fill is pending. */
    private volatile int wanted;

    /** The buffer of the pending write, or null if no write is pending. */
    private volatile @Nullable ByteBuffer draining;

    // written by the closing thread, mostly the loop; read by any thread
    private volatile boolean closed;

    // the filling thread's alone; at most a single fill runs at a time
    /** The buffer of a successful read, until {@link #filled} takes the buffer. */
    private @Nullable ByteBuffer filled;

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

    /**
     * Reads into a pooled buffer. If bytes were read, stores the buffer in {@code filled}. Otherwise releases the
     * buffer.
     *
     * @return the number of bytes, 0 if there are none, or -1 at the end of stream
     */
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

    /**
     * {@inheritDoc}
     *
     * <p>Because a poll of the JDK reports about a thousand channels at most, a task after the poll may run before the
     * readiness of a channel is reported.
     */
    @Override
    public void retry() {
        readable();
    }

    /** Answers the pending fill. On the loop. */
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

    /** Makes {@code chunk} the pending write and requests readiness. If the method throws, no write is pending. */
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

    /**
     * {@inheritDoc}
     *
     * <p>True for TCP alone, because kernels differ in transfers to sockets of other families.
     */
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

    /**
     * Closes the channel, and then fails the pending operations. With a linger time of 0, the kernel sends a
     * reset (RFC 9293, 3.10.5, abort). No reset is sent if the channel has no linger time, or if the loop has ended.
     */
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

    /** Calls the callback of a close, as an entry of the I/O thread. */
    private void released(Runnable then) {
        loop.entered();
        then.run();
    }

    /** Fails a new pending operation by a task of the loop, if the transport is closed. */
    private void failIfClosed() {
        if (closed) {
            loop.execute(this::failOutstanding);
        }
    }

    /** Fails the pending fill and write after the close. On the loop, or on any thread after the end of the loop. */
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
