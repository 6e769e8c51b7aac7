package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncWriter;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@code transferTo}: a read that hands what arrives to a writer and pauses while that is busy. To a socket of ours the chunk
 * itself goes, in one write object that is used again and again.
 */
final class Transfer extends Read<Long> {
    /*
     * `state` is IDLE, WRITING once the bytes have been handed to the sink, PAUSED if the sink was not done when the call
     * returned. The writing thread and the one that reports the end of the write both try to leave WRITING: to PAUSED, or
     * to IDLE. Whoever comes second goes on. `underway` and `failure` are written before that and read after it.
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
        Hop(WriteSide writes) {
            super(writes, ByteBuffer.allocate(0));
        }

        @Override
        @Nullable ByteBuffer ownChunk() {
            return source().isDirect() ? source() : null;
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
            wrote(failure);
        }
    }

    private final AsyncWriter sink;
    private final @Nullable Hop hop;
    private long moved;
    private int underway;
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
            if (!hand(in.remaining()) || STATE.compareAndSet(this, WRITING, PAUSED)) {
                return false;
            }
        }
        if (failure != null) {
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
    private boolean hand(int size) {
        ByteBuffer copy = hop != null ? NOTHING : ByteBuffer.allocate(size);
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
                hop.refill(bytes);
                turn = hop.side.queue(hop, false, false);
            }
        }
        if (hop != null) {
            hop.side.run(hop, turn);
            return true;
        }
        copy.put(bytes).flip();
        side.recycle(bytes);
        try {
            sink.write(copy).whenComplete((done, failed) -> wrote(failed));
        } catch (Throwable e) {
            wrote(e);
        }
        return true;
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
