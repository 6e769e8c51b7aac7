package io.github.futuresockets.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetConnectedException;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A read or a write. The result is an {@link Integer} for a single buffer, and a {@link Long} for an array of buffers.
 */
abstract class TransferOperation extends Operation<Number> {
    private static final ByteBuffer[] NONE = {};

    final LoopSocketChannel channel;

    // guarded by this
    private @Nullable ByteBuffer single;
    private ByteBuffer[] several = NONE;

    TransferOperation(LoopSocketChannel channel, SelectorLoop loop) {
        super(loop);
        this.channel = channel;
    }

    /** Transfers bytes without waiting. Returns the number of bytes, 0 for none, or -1 at the end of stream. */
    abstract long move(ByteBuffer buffer) throws IOException;

    /** Transfers bytes of an array of buffers that have {@code wanted} bytes of room. See {@link #move(ByteBuffer)}. */
    abstract long move(ByteBuffer[] buffers, long wanted) throws IOException;

    /** Requests a further attempt when the channel is ready. */
    abstract void await();

    @SuppressWarnings("unchecked")
    final Future<Integer> start(ByteBuffer buffer) {
        Future<? extends Number> future = start(buffer, null, 0, TimeUnit.NANOSECONDS, null, null);
        return (Future<Integer>) Objects.requireNonNull(future);
    }

    /**
     * Starts the operation on {@code one} buffer, or on {@code many} if {@code one} is null. A time-out of 0 is none.
     */
    @SuppressWarnings("unchecked")
    final <A> @Nullable Future<? extends Number> start(
            @Nullable ByteBuffer one,
            ByteBuffer @Nullable [] many,
            long timeout,
            TimeUnit unit,
            @Nullable A attachment,
            @Nullable CompletionHandler<? extends Number, ? super A> handler) {
        Objects.requireNonNull(unit, "unit");
        CompletionHandler<Number, ? super A> to = (CompletionHandler<Number, ? super A>) handler;
        if (!channel.isOpen()) {
            return refused(to, attachment, new ClosedChannelException());
        }
        if (!channel.isConnected()) {
            throw new NotYetConnectedException();
        }
        Future<Number> future;
        int begun;
        synchronized (this) {
            future = begin(to, attachment);
            single = one;
            several = many == null ? NONE : many;
            begun = serial();
        }
        attempt(begun, timeout, unit);
        return future;
    }

    @Override
    final boolean perform() throws IOException {
        assert Thread.holdsLock(this);
        if (!channel.isOpen()) {
            throw new AsynchronousCloseException();
        }
        ByteBuffer one = single;
        long wanted = one != null ? one.remaining() : Buffers.remaining(several);
        long count = one != null ? move(one) : move(several, wanted);
        if (count == 0 && wanted > 0) {
            ensureAlive();
            await();
            return false;
        }
        if (one != null) {
            result = (int) count;
        } else {
            result = count;
        }
        return true;
    }

    /** Throws an exception if the memory of a buffer was released. */
    private void ensureAlive() {
        if (single != null) {
            Buffers.ensureAlive(single);
        }
        for (ByteBuffer each : several) {
            Buffers.ensureAlive(each);
        }
    }

    @Override
    final Throwable explain(Throwable failure) {
        return channel.isOpen() ? failure : closed(failure);
    }

    private static AsynchronousCloseException closed(Throwable failure) {
        return failure instanceof AsynchronousCloseException closed ? closed : new AsynchronousCloseException();
    }

    @Override
    final void clear() {
        single = null;
        several = NONE;
    }

    @Override
    final void cancelled(boolean mayInterrupt) {
        if (mayInterrupt) {
            channel.close();
        }
    }
}
