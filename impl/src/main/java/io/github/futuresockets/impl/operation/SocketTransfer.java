package io.github.futuresockets.impl.operation;

import io.github.futuresockets.AsyncWriter;
import io.github.futuresockets.impl.connection.ForwardingWrite;
import io.github.futuresockets.impl.connection.Read;
import io.github.futuresockets.impl.connection.ReadSide;
import io.github.futuresockets.impl.connection.SocketSink;
import io.github.futuresockets.impl.connection.WriteSide;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * {@code transferTo} a writer: a read that writes the arrived bytes to a sink, and pauses while the sink is busy. If
 * the sink is a socket of this library, the pooled buffer itself is passed on without a copy, in a reused write.
 */
public final class SocketTransfer extends Read<Long> {
    /*
     * Transitions of `state`:
     * - IDLE -> WRITING, by the decoding thread, before the bytes are passed to the sink.
     * - WRITING -> PAUSED, by the decoding thread, if the sink is not done when the call returns.
     * - WRITING -> IDLE, by the thread that completes the write, if the sink is done within the call.
     * - PAUSED -> IDLE, by the thread that completes the write, which then resumes the read.
     *
     * Of the two threads that leave WRITING the second thread continues the transfer. The fields `underway`, `refused`
     * and `failure` are written before a transition and read after a transition.
     */
    private static final int IDLE = 0;
    private static final int WRITING = 1;
    private static final int PAUSED = 2;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(SocketTransfer.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The reused write to a socket of this library. Reports its end to the transfer, and not to a future. */
    private final class Hop extends ForwardingWrite {
        Hop(WriteSide writes) {
            super(writes);
        }

        @Override
        protected void ended(@Nullable Throwable failure, @Nullable ByteBuffer untaken) {
            refused = untaken;
            wrote(failure);
        }
    }

    private final AsyncWriter sink;

    /** The write to a socket of this library, or null for another sink. */
    private final @Nullable Hop hop;

    // the decoding thread's alone, in the order of the transitions of `state`
    private long moved;

    /** The number of bytes that the sink is writing. */
    private int underway;

    // the decoding thread's, or the completing thread's before it leaves WRITING or PAUSED
    /** The bytes that the sink has not taken. Put back into the read buffer at the end. */
    private @Nullable ByteBuffer refused;

    // changed by STATE, by the decoding and the completing thread
    private volatile int state;

    // written by the completing thread, read by any thread
    private volatile @Nullable Throwable failure;

    /** Makes a transfer to {@code sink}, up to the end of stream. */
    public SocketTransfer(ReadSide side, AsyncWriter sink) {
        super(side);
        this.sink = sink;
        this.hop = sink instanceof SocketSink target ? new Hop(target.writes()) : null;
    }

    @Override
    public String name() {
        return "transferTo";
    }

    @Override
    protected int wants() {
        return failure == null ? chunk() : 0;
    }

    /** Returns the largest size for a socket of this library, because the pooled buffer is passed on without a copy. */
    @Override
    protected int chunk() {
        return hop == null ? BufferPool.LARGE : BufferPool.HUGE;
    }

    @Override
    protected boolean runsUserCode() {
        return true;
    }

    @Override
    protected boolean isPaused() {
        return state != IDLE;
    }

    @Override
    protected boolean attempt(ByteBuffer in, int seen, @Nullable IOException ending) {
        moved += underway;
        underway = 0;
        if (failure == null && in.hasRemaining()) {
            if (!hand() || STATE.compareAndSet(this, WRITING, PAUSED)) {
                return false;
            }
        }
        if (failure != null) {
            if (refused != null) {
                side.state().takeBack(refused);
                refused = null;
            }
            fails(failure);
            return true;
        }
        moved += underway;
        underway = 0;
        return ending != null && super.attempt(NOTHING, 0, ending);
    }

    @Override
    protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) {
        return ended ? (Object) moved : MORE;
    }

    /**
     * Passes the arrived bytes to the sink. For a socket of this library, the bytes are queued under the lock of the
     * read state. Therefore the bytes are in the queue before a cancel of the transfer can return. Another writer is
     * called without a lock.
     *
     * @return false if the transfer was withdrawn
     */
    private boolean hand() {
        ByteBuffer bytes;
        int flushId = 0;
        IOException refusal = null;
        synchronized (side.state()) {
            if (!side.state().isPending(this)) {
                return false;
            }
            bytes = side.state().detach();
            underway = bytes.remaining();
            state = WRITING;
            if (hop != null) {
                hop.reuse(bytes);
                try {
                    flushId = hop.side.queue(hop, false, false);
                } catch (IOException e) {
                    refusal = e;
                }
            }
        }
        if (hop != null && refusal != null) {
            hop.side.refuse(hop, refusal);
            return true;
        }
        if (hop != null) {
            hop.side.run(hop, flushId);
            return true;
        }
        CompletableFuture<Void> write = copyToSink(bytes);
        if (write.isCompletedExceptionally()) {
            refused = bytes;
        } else {
            side.recycle(bytes);
        }
        write.whenComplete((done, failed) -> wrote(failed));
        return true;
    }

    /** Writes a copy of the bytes to a foreign sink. The future fails with everything that the sink throws. */
    private CompletableFuture<Void> copyToSink(ByteBuffer bytes) {
        try {
            ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
            return Objects.requireNonNull(sink.write(copy.put(bytes.duplicate()).flip()), "the sink gave no future");
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Takes the end of a write. Resumes the read if the read is paused. */
    private void wrote(@Nullable Throwable failed) {
        failure = failed;
        if (!STATE.compareAndSet(this, WRITING, IDLE)) {
            side.progress();
            state = IDLE;
            side.resume();
        }
    }
}
