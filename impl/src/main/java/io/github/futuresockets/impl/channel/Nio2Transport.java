package io.github.futuresockets.impl.channel;

import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/**
 * A transport over a channel of the JDK. Operations are started with a handler, without a time-out, and are never
 * cancelled. After a time-out or a cancel, the channel might refuse all further operations.
 *
 * <p><b>Buffers.</b> The channel gets pooled buffers, and never a caller's buffer, because the channel uses a buffer
 * until the operation completes.
 */
final class Nio2Transport extends ChannelTransport<AsynchronousSocketChannel> {
    /*
     * Start on the loop: the JDK tries the operation at once, and may call the handler within the call. The handler
     * finds `inCall` set, and stores its outcome in `count` or `failure`. The call then returns the outcome. If the
     * handler is called later, the handler answers the reader or the writer.
     *
     * Start on another thread: the call always returns PENDING. The handler runs on the loop, maybe before the call has
     * returned, and answers the reader or the writer.
     *
     * Idle connections: the JDK needs the buffer of a fill before bytes arrive. Therefore an idle connection holds a
     * pooled buffer. The buffer is small, unless the last fills have filled their buffers.
     */
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Fill fill = new Fill();
    private final Drain drain = new Drain();

    /**
     * Makes the transport of a connected channel.
     *
     * @throws IOException if the channel is closed
     */
    Nio2Transport(ChannelLoop loop, AsynchronousSocketChannel channel) throws IOException {
        super(loop, channel, channel.getRemoteAddress());
    }

    @Override
    public int fill(int most, boolean ask) throws IOException {
        int size = Math.min(size(), BufferPool.LARGE);
        fill.chunk = loop.chunks().acquire(size);
        fill.chunk.limit(Math.min(most, size));
        try {
            int count = fill.start(loop.inLoop());
            return count == PENDING ? count : adapt(count);
        } catch (Throwable e) {
            loop.chunks().release(fill.chunk);
            throw e;
        }
    }

    @Override
    public ByteBuffer filled() {
        return fill.chunk.flip();
    }

    /**
     * Adapts the buffer size to the result of a fill. Releases the buffer after the end of stream or a failure.
     *
     * @param count the number of bytes, or -1 without a byte
     * @return {@code count}
     */
    private int adapt(int count) {
        brought(count);
        if (count < 0) {
            loop.chunks().release(fill.chunk);
        }
        return count;
    }

    @Override
    public int write(ByteBuffer chunk) throws IOException {
        drain.chunk = chunk;
        return drain.start(loop.inLoop());
    }

    @Override
    public int shutdownOutput(boolean last) throws IOException {
        if (!last) {
            channel.shutdownOutput();
        }
        return 0;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Ignores {@code reset}, because the channels of the JDK have no option for a reset.
     */
    @Override
    public void close(boolean reset, Runnable released) {
        ChannelNetwork.closeQuietly(channel);
        released.run();
    }

    /** A read or a write of the channel. The start returns the outcome, or an answer follows. Reused. */
    private abstract static class Operation implements CompletionHandler<Integer, Void> {
        // the starting thread's, then the handler's; the JDK orders the handler after the start
        ByteBuffer chunk = NOTHING;

        // the loop's thread alone
        /** True during a call on the loop. */
        private boolean inCall;

        /** The result of the operation within the call, or PENDING. */
        private int count;

        /** The failure of the operation within the call, or null. */
        private @Nullable Throwable failure;

        /** Starts the operation of the channel, with this handler. */
        abstract void begin();

        /** Answers the pending operation. On the loop. */
        abstract void end(int result, @Nullable IOException failed);

        /**
         * Starts the operation. Returns the result if the operation completes within the call on the loop, otherwise
         * PENDING.
         */
        final int start(boolean inLoop) throws IOException {
            if (!inLoop) {
                begin();
                return PENDING;
            }
            inCall = true;
            count = PENDING;
            failure = null;
            try {
                begin();
            } finally {
                inCall = false;
            }
            if (failure != null) {
                throw asIOException(failure);
            }
            return count;
        }

        @Override
        public final void completed(Integer result, Void attachment) {
            if (result == 0 && chunk.hasRemaining()) {
                // The channels of another provider than the JDK may do so. A repetition might never end.
                String none = "the channel moved none of " + chunk.remaining() + " bytes";
                failed(new IOException(none, new IllegalStateException("a transfer of 0 bytes")), attachment);
            } else if (inCall) {
                count = result;
            } else {
                finish(result, null);
            }
        }

        @Override
        public final void failed(Throwable cause, Void attachment) {
            if (inCall) {
                failure = cause;
            } else {
                finish(0, asIOException(cause));
            }
        }

        /** Answers the operation. A failure of the receiver is logged, because a handler must not throw. */
        private void finish(int result, @Nullable IOException failed) {
            try {
                end(result, failed);
            } catch (Throwable e) {
                Log.log(Level.ERROR, "An I/O handler failed; please report this", e);
            }
        }

        private static IOException asIOException(Throwable cause) {
            return cause instanceof IOException known ? known : new IOException(cause.toString(), cause);
        }
    }

    /** A read of the channel into the pooled buffer of a fill. */
    private final class Fill extends Operation {
        @Override
        void begin() {
            channel.read(chunk, null, this);
        }

        @Override
        void end(int result, @Nullable IOException failed) {
            loop.entered();
            int read = failed != null ? -1 : result;
            adapt(read);
            reads().filled(read < 0 ? null : filled(), failed);
        }
    }

    /** A write of the channel from a pooled buffer. */
    private final class Drain extends Operation {
        @Override
        void begin() {
            channel.write(chunk, null, this);
        }

        @Override
        void end(int result, @Nullable IOException failed) {
            loop.entered();
            writes().wrote(result, failed);
        }
    }
}
