package io.github.futuresockets.impl.channel;

import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An adapter from the completions of a channel of the JDK to readiness. The adapter starts operations with a handler,
 * without a time-out, and never cancels an operation. After a time-out or a cancel, the channel might refuse all
 * further operations.
 *
 * <p><b>Buffers.</b> The channel gets pooled buffers, and never a caller's buffer, because the channel uses a buffer
 * until the operation completes. The buffer of a read belongs to the adapter until a later {@link #read} returns the
 * buffer. An idle connection that waits for bytes holds a buffer, because the JDK needs the buffer before bytes arrive.
 */
final class Nio2Transport extends ChannelTransport<AsynchronousSocketChannel> {
    /*
     * Each direction has an operation with three states:
     * - idle -> STARTED, by the thread that reads or writes, which then starts the operation of the channel.
     * - STARTED -> DONE, by the handler, on the loop. The outcome is written before.
     * - DONE -> idle, by the thread that reads or writes, which takes the outcome.
     *
     * The bit WANTED is a request for a signal. The step to DONE takes the request and sends the signal. If there is
     * nothing to wait for at the time of the request, a task of the loop sends the signal.
     *
     * On the loop, the JDK tries the operation at once and may call the handler within the start. The starting thread
     * then finds DONE when the start returns.
     *
     * Close: CLOSING is set for both operations, and then the channel is closed. From then on no operation starts. The
     * JDK fails an operation that is STARTED. `open` counts such operations and the descriptor. The thread that counts
     * down to 0 reports the end of the close.
     */
    private static final int STARTED = 1;
    private static final int DONE = 2;
    private static final int WANTED = 4;
    private static final int CLOSING = 8;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Operation.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Fill fill = new Fill();
    private final Drain drain = new Drain();

    // set before the first request, or on the loop while no thread reads or writes
    private @Nullable Listener listener;

    // set by the close, before CLOSING
    private @Nullable Closing closing;

    /**
     * Makes the transport of a connected channel.
     *
     * @throws IOException if the channel is closed
     */
    Nio2Transport(ChannelLoop loop, AsynchronousSocketChannel channel) throws IOException {
        super(loop, channel, channel.getRemoteAddress());
    }

    @Override
    public void listen(Listener who) {
        listener = who;
    }

    private Listener listener() {
        return Objects.requireNonNull(listener);
    }

    @Override
    public @Nullable ByteBuffer read(int max, boolean ask) throws IOException {
        if (fill.isIdle()) {
            int size = Math.min(size(), BufferPool.LARGE);
            ByteBuffer chunk = loop.chunks().acquire(size);
            fill.start(chunk.limit(Math.min(max, size)));
        }
        return fill.isDone() ? taken() : NOTHING;
    }

    /** Takes the outcome of a read. Releases the buffer after the end of stream or a failure. */
    private @Nullable ByteBuffer taken() throws IOException {
        ByteBuffer chunk = fill.buffer;
        int count = -1;
        try {
            count = fill.take();
            brought(count);
        } finally {
            if (count < 0) {
                loop.chunks().release(chunk);
            }
        }
        return count < 0 ? null : chunk.flip();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Uses two nested tasks, because the second task runs after a later poll of the loop. By then the handler of a
     * read has been called for the bytes of now.
     */
    @Override
    public boolean settles(Runnable then) {
        loop.execute(() -> loop.execute(then));
        return false;
    }

    @Override
    public void awaitReadable() {
        fill.want();
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        if (drain.isIdle()) {
            drain.start(src);
        }
        return drain.isDone() ? drain.take() : 0;
    }

    @Override
    public void awaitWritable() {
        drain.want();
    }

    @Override
    public boolean shutdownOutput(boolean last) throws IOException {
        if (!last) {
            channel.shutdownOutput();
        }
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Ignores {@code reset}, because the channels of the JDK have no option for a reset.
     */
    @Override
    public void close(boolean reset, Runnable closed) {
        Closing all = new Closing(closed);
        closing = all;
        boolean reads = fill.close();
        boolean writes = drain.close();
        ChannelNetwork.closeQuietly(channel);
        all.ended();
        if (!reads) {
            all.ended();
        }
        if (!writes) {
            all.ended();
        }
    }

    @Override
    public void released() {
        if (fill.isDone()) {
            loop.chunks().release(fill.buffer);
        }
    }

    /** The number of parts that a close waits for: the descriptor, the read and the write. */
    private static final class Closing extends AtomicInteger {
        private static final long serialVersionUID = 1;

        private final transient Runnable closed;

        Closing(Runnable closed) {
            super(3);
            this.closed = closed;
        }

        /** Notes the end of a part. */
        void ended() {
            if (decrementAndGet() == 0) {
                closed.run();
            }
        }
    }

    /** A read or a write of the channel. Reused. */
    private abstract class Operation implements CompletionHandler<Integer, Void>, Runnable {
        // the thread's that reads or writes, and the handler's from the start to DONE
        ByteBuffer buffer = NOTHING;

        /** The number of bytes, valid if there is no failure. */
        private int count;

        private @Nullable Throwable failure;

        // changed by STATE
        private volatile int state;

        /** Starts the operation of the channel, with this handler. */
        abstract void begin();

        /** Sends the signal, on the loop. */
        abstract void signal();

        /** Returns true if no operation has been started, or its outcome has been taken. */
        final boolean isIdle() {
            return (state & (STARTED | DONE)) == 0;
        }

        /** Returns true if there is an outcome to take. */
        final boolean isDone() {
            return (state & DONE) != 0;
        }

        /** Starts an idle operation on a buffer. A failure of the start is the outcome of the operation. */
        final void start(ByteBuffer on) {
            buffer = on;
            if (((int) STATE.getAndBitwiseOr(this, STARTED) & CLOSING) != 0) {
                failure = new AsynchronousCloseException();
                state = DONE | CLOSING;
                return;
            }
            try {
                begin();
            } catch (Throwable e) {
                failed(e, null);
            }
        }

        /** Takes the outcome of an operation that is done. */
        final int take() throws IOException {
            Throwable failed = failure;
            int moved = count;
            failure = null;
            buffer = NOTHING;
            STATE.getAndBitwiseAnd(this, ~(DONE | WANTED));
            if (failed != null) {
                throw failed instanceof IOException known ? known : new IOException(failed.toString(), failed);
            }
            return moved;
        }

        /** Requests a signal: when the started operation is done, otherwise soon. */
        final void want() {
            int before = (int) STATE.getAndBitwiseOr(this, WANTED);
            if ((before & STARTED) == 0) {
                loop.execute(this);
            }
        }

        /** Forbids later operations. Returns true if a started operation ends later. */
        final boolean close() {
            return ((int) STATE.getAndBitwiseOr(this, CLOSING) & STARTED) != 0;
        }

        @Override
        public final void completed(Integer result, Void attachment) {
            if (result == 0 && buffer.hasRemaining()) {
                // The channels of another provider than the JDK may do so. A repetition might never end.
                String none = "the channel moved none of " + buffer.remaining() + " bytes";
                done(0, new IOException(none, new IllegalStateException("a transfer of 0 bytes")));
            } else {
                done(result, null);
            }
        }

        @Override
        public final void failed(Throwable cause, @Nullable Void attachment) {
            done(0, cause);
        }

        /** Stores the outcome. Then sends the signal, if there is a request and no close. */
        private void done(int moved, @Nullable Throwable failed) {
            count = moved;
            failure = failed;
            int before = state;
            while (!STATE.compareAndSet(this, before, before & CLOSING | DONE)) {
                before = state;
            }
            if ((before & CLOSING) != 0) {
                Objects.requireNonNull(closing).ended();
            } else if ((before & WANTED) != 0) {
                if (loop.inLoop()) {
                    run();
                } else {
                    loop.execute(this);
                }
            }
        }

        /** Sends the signal, as an entry of the I/O thread, unless closing. A failure of the listener is logged. */
        @Override
        public final void run() {
            loop.entered();
            try {
                if ((state & CLOSING) == 0) {
                    signal();
                }
            } catch (Throwable e) {
                Log.log(Level.ERROR, "An I/O handler failed; please report this", e);
            }
        }
    }

    /** A read of the channel into a pooled buffer. */
    private final class Fill extends Operation {
        @Override
        void begin() {
            channel.read(buffer, null, this);
        }

        @Override
        void signal() {
            listener().readable();
        }
    }

    /** A write of the channel from a pooled buffer. */
    private final class Drain extends Operation {
        @Override
        void begin() {
            channel.write(buffer, null, this);
        }

        @Override
        void signal() {
            listener().writable();
        }
    }
}
