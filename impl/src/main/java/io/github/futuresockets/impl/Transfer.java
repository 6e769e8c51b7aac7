package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncWriter;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * {@code transferTo}: a read that hands what arrives to a writer and pauses while that is busy. To a socket of ours the chunk
 * itself goes, in one write object that is used again and again.
 */
final class Transfer extends Read<Long> {
    /*
     * `state` is IDLE, WRITING once the bytes have been handed to the sink, PAUSED if the sink was not done when the call
     * returned. The writing thread and the one that reports the end of the write both try to leave WRITING: to PAUSED, or
     * to IDLE. Whoever comes second goes on. `underway`, `refused` and `failure` are written before that and read after it.
     */
    private static final int IDLE = 0;
    private static final int WRITING = 1;
    private static final int PAUSED = 2;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Transfer.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The write of one chunk after the other; its end goes to the transfer instead of a future. */
    private final class Hop extends Write {
        /** Guarded by the monitor of the write state: the kernel has refused the chunk, which is ours again. */
        private boolean returned;

        Hop(WriteSide writes) {
            super(writes, ByteBuffer.allocate(0));
        }

        /** Guarded by the monitor of the read state until the write is queued. */
        void reuse(ByteBuffer bytes) {
            returned = false;
            refill(bytes);
        }

        @Override
        @Nullable ByteBuffer ownChunk() {
            return source().isDirect() ? source() : null;
        }

        @Override
        boolean takesBack(ByteBuffer chunk) {
            returned = chunk == source();
            return returned;
        }

        /** The bytes that the kernel has not taken; null if they are in a chunk that it may still read. */
        private @Nullable ByteBuffer untaken() {
            ByteBuffer bytes = source();
            boolean ours = !bytes.isDirect() || unstaged() > 0 || returned;
            return ours ? bytes.position((int) (bytes.limit() - left())) : null;
        }

        @Override
        boolean isInternal() {
            return true;
        }

        @Override
        void publish() {
            wrote(null);
        }

        @Override
        void fail(Throwable failure) {
            refused = untaken();
            wrote(failure);
        }
    }

    private final AsyncWriter sink;
    private final @Nullable Hop hop;
    private long moved;
    private int underway;

    /** What the sink has not taken: it stays readable. */
    private @Nullable ByteBuffer refused;

    private volatile int state;
    private volatile @Nullable Throwable failure;

    Transfer(ReadSide side, AsyncWriter sink) {
        super(side);
        this.sink = sink;
        this.hop = sink instanceof FutureSocket ? new Hop(((FutureSocket) sink).writes()) : null;
    }

    @Override
    String name() {
        return "transferTo";
    }

    @Override
    int wants() {
        return failure == null ? chunk() : 0;
    }

    /** A chunk that is handed on is not copied. */
    @Override
    int chunk() {
        return hop == null ? Chunks.LARGE : Chunks.HUGE;
    }

    @Override
    boolean runsUserCode() {
        return true;
    }

    @Override
    boolean isPaused() {
        return state != IDLE;
    }

    @Override
    boolean attempt(ByteBuffer in, int seen, @Nullable IOException ending) {
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
    @Nullable Object take(ByteBuffer in, int seen, boolean ended) {
        return ended ? (Object) moved : MORE;
    }

    /**
     * Hands what has arrived to the sink, unless this has been withdrawn. To a socket of ours the bytes have their place in
     * the queue before a canceller can return; the write side's lock is a leaf. Another writer is called without a lock.
     */
    private boolean hand() {
        ByteBuffer bytes;
        int turn = 0;
        synchronized (side.state()) {
            if (!side.state().isPending(this)) {
                return false;
            }
            bytes = side.state().detach();
            underway = bytes.remaining();
            state = WRITING;
            if (hop != null) {
                hop.reuse(bytes);
                turn = hop.side.queue(hop, false, false);
            }
        }
        if (hop != null) {
            hop.side.run(hop, turn);
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

    private CompletableFuture<Void> copyToSink(ByteBuffer bytes) {
        try {
            ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
            return Objects.requireNonNull(sink.write(copy.put(bytes.duplicate()).flip()), "the sink gave no future");
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void wrote(@Nullable Throwable failed) {
        failure = failed;
        if (!STATE.compareAndSet(this, WRITING, IDLE)) {
            side.progress();
            state = IDLE;
            side.resume();
        }
    }
}
