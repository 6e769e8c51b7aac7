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
 * A transport over a channel of the JDK's. The channel is given handlers only, never a time-out or a cancel, which would
 * poison it; and only chunks, never a caller's buffer, which it would keep.
 */
final class Nio2Transport extends ChannelTransport<AsynchronousSocketChannel> {
    /*
     * On the loop's thread the JDK tries an operation at once and calls the handler within the call; `inCall` tells the
     * handler so, and it leaves its outcome in the fields for the call to return. Any other thread only starts the
     * operation: its handler runs on the loop, maybe before the call returns, and calls back. So `inCall` is touched by
     * the loop's thread alone. An operation's chunk is handed from the starting thread to the handler through the JDK's
     * own synchronisation.
     *
     * A fill must have its buffer before there are bytes, so an idle connection holds one: a small one, unless the last
     * fills have filled theirs.
     */
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Fill fill = new Fill();
    private final Drain drain = new Drain();

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

    /** The JDK's channels know no reset. */
    @Override
    public void close(boolean reset, Runnable released) {
        ChannelNetwork.closeQuietly(channel);
        released.run();
    }

    /** What reads and writes have in common: the outcome comes within the call or after it. */
    private abstract static class Operation implements CompletionHandler<Integer, Void> {
        ByteBuffer chunk = NOTHING;
        private boolean inCall;
        private int count;
        private @Nullable Throwable failure;

        abstract void begin();

        abstract void end(int result, @Nullable IOException failed);

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
                // The provider need not be the JDK's; this one would be asked for ever.
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

        private void finish(int result, @Nullable IOException failed) {
            try {
                end(result, failed);
            } catch (Throwable e) {
                Log.log(Level.ERROR, "An I/O handler failed; please report this", e);
            }
        }

        private static IOException asIOException(Throwable cause) {
            return cause instanceof IOException ? (IOException) cause : new IOException(cause.toString(), cause);
        }
    }

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
