package io.github.futuresockets.impl;

import io.github.futuresockets.SocketStats;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a {@link WriteSide} knows: the queue, the chunk that is on its way to the kernel, the end. */
final class WriteState extends WriteQueue {
    /*
     * All methods and fields are guarded by this object's monitor. `chunk` and `alone` are written under it and read by the
     * thread that has the turn, which may also ask without it whether it still has it: nobody else takes it away. No
     * future is completed, no user code run and no system call made under it.
     *
     * One thread at a time has the turn: the one that queued into an idle side, then, if the transport answers PENDING, the
     * one that it calls back. `turn` is its number, 0 while nobody has it. Bytes go from the queue into the chunk under the
     * lock, and from the chunk to the kernel without it. So whoever withdraws its write has its buffer back. One that is lent
     * goes to the kernel without the lock, within the call that begins the write: nobody has a future to withdraw by then.
     *
     * A write that is alone may lend its turn to a thread that waits for something else. That is the one turn which can be
     * taken away; so the thread that lends it returns, and touches nothing.
     *
     * A chunk without a turn is corked: it holds all that is queued, and whoever has corked it calls begin() soon, whatever
     * happens. Until then that thread may ask without the lock whether it is corked still.
     *
     * A write stays in the queue until the kernel has taken its last byte or somebody takes it out; who does that completes
     * its future. Bytes in the chunk go out whatever becomes of their write.
     *
     * Memory may be missing when a chunk is made. Then nothing goes out any more (`failure`), and the turn goes to the thread
     * that would have got the chunk, which finds the failure in `check` and ends the connection. So a turn is never lost, and
     * no locked section throws behind a change of the queue.
     */
    /** A limit on bytes is one on writes too, or empty ones could wait without end. */
    private static final int BYTES_PER_WRITE = 16;

    private static final int MANY = 1024;

    static final int REFUSED = -1;
    static final int QUEUED = 0;

    private final Side<?> side;

    private int turn;
    private int turns;
    private boolean closed;
    private @Nullable End end;
    private @Nullable IOException failure;

    /** The chunk of this turn could not be made. */
    private boolean unstaged;

    private @Nullable ByteBuffer chunk;
    private @Nullable Write alone;
    private long bytesOut;
    private long writes;

    WriteState(Side<?> side) {
        this.side = side;
    }

    private Chunks chunks() {
        return side.transport.loop().chunks();
    }

    private long limit() {
        return side.engine().settings().writeQueueLimit();
    }

    /** What came in has been counted by the other side. */
    synchronized SocketStats stats(long bytesIn, long reads) {
        return new SocketStats(bytesIn, bytesOut, reads, writes, bytes());
    }

    synchronized boolean isBusy() {
        return turn != 0;
    }

    synchronized boolean isWaiting() {
        return !isEmpty();
    }

    @Nullable ByteBuffer chunk() {
        return chunk;
    }

    /** The write that has the turn for itself. */
    @Nullable Write alone() {
        return alone;
    }

    /** Takes the turn back from who has it lent, with a chunk for the kernel; false if it had it no more. */
    synchronized boolean giveBack(Lent write, ByteBuffer next) {
        boolean had = write.abandon();
        if (had) {
            write.begin();
            chunk = next;
        }
        return had;
    }

    /** Has {@code close} wait until the kernel does not send from a file; false if it does not. */
    synchronized boolean defer(Runnable close) {
        return alone instanceof Lent && ((Lent) alone).defer(close);
    }

    /**
     * Queues the write. Returns REFUSED, QUEUED, or the number of the turn that this thread has got by it.
     *
     * @param more whether the turn can wait for what else this thread writes, which then sees to {@link #begin}
     * @param lent whether a turn that is its own at once is taken by this thread, before its caller has its future
     */
    synchronized int start(Write write, boolean more, boolean lent) {
        if (isShut()) {
            write.refusal = refusal(write.describe());
            return REFUSED;
        }
        boolean full = bytes() > 0 && write.left() > limit() - bytes();
        if (full || count() > Math.max(MANY, limit() / BYTES_PER_WRITE)) {
            write.refusal = new IOException(write.describe() + ": no room for " + write.left() + " bytes, "
                    + bytes() + " of at most " + limit() + " wait already in " + count()
                    + " writes: the peer is not reading");
            return REFUSED;
        }
        try {
            if (lent && turn == 0 && isEmpty()) {
                write.lendSource();
            }
            enqueue(write);
            boolean joined = (more || isCorked()) && cork(write);
            return more && joined ? QUEUED : begin();
        } catch (Throwable e) {
            if (write.queued) {
                remove(write);
            }
            write.refusal = Errors.asIOException(write.describe(), e);
            fail(write.refusal);
            return REFUSED;
        }
    }

    /** False for one that cannot wait: it is too large, or has to be told apart. */
    private boolean cork(Write write) {
        long left = write.left();
        int room = chunk == null ? Chunks.SMALL : chunk.remaining();
        if (turn != 0 || left == 0 || left > room || write.ownChunk() != null) {
            return false;
        }
        if (chunk == null) {
            chunk = chunks().take(left);
        }
        write.cork(chunk);
        return true;
    }

    /** Throws why there is nothing to write in this turn, unless that is an empty write. For the thread that has the turn. */
    void check() throws IOException {
        if (unstaged && failure != null) {
            throw failure;
        }
    }

    boolean isCorked() {
        return chunk != null && turn == 0;
    }

    private void enqueue(Write write) {
        append(write);
        writes += write.isEnd() ? 0 : 1;
    }

    /** Whether no further write is taken. Who asks without the lock may not know yet what others do in this moment. */
    boolean isShut() {
        return failure != null || closed || end != null || isHandingOver();
    }

    synchronized IOException refusal(String what) {
        String why = failure != null || closed
                ? ": the socket is closed"
                : end != null ? ": the output is shut down" : Errors.ENCRYPTED;
        return Errors.closed(what + why, failure);
    }

    /** Queues the end, after which nothing is taken any more; returns the one that was there before, or {@code mine}. */
    synchronized @Nullable End end(End mine, boolean closing) {
        if (closed && !closing) {
            return null;
        }
        if (end == null && failure == null && (closing || !isHandingOver())) {
            enqueue(mine);
            end = mine;
        }
        closed |= closing;
        return end;
    }

    synchronized boolean isEndSent() {
        return end != null && !end.queued;
    }

    /** Gives this thread the turn if nobody has it and there is something to do. */
    synchronized int begin() {
        if (turn != 0) {
            return QUEUED;
        }
        if (chunk != null) {
            chunk.flip();
        }
        if (!prepare()) {
            return QUEUED;
        }
        turns = turns == Integer.MAX_VALUE ? 1 : turns + 1;
        turn = turns;
        return turn;
    }

    /** Whether the turn is still this one; for the thread that has, or had, it. */
    boolean isTurn(int mine) {
        return turn == mine;
    }

    /** The turn that waits for the transport's answer. */
    synchronized int turn() {
        return turn;
    }

    /**
     * The kernel has taken {@code count} bytes, or the end, in this turn, which then goes on or is over.
     *
     * @return the writes that are done, linked, in their order
     */
    synchronized @Nullable Write advance(int count) {
        bytesOut += count;
        Write done = failure == null ? taken(count, alone) : null;
        alone = null;
        if (!prepare()) {
            turn = 0;
        }
        return done;
    }

    /** Sees to it that there is a chunk to write, an end to send, or an empty write to complete; false: nothing. */
    private boolean prepare() {
        if (chunk != null && chunk.hasRemaining() && failure == null) {
            return true;
        }
        releaseChunk();
        Write first = first();
        if (first == null || failure != null) {
            return false;
        }
        if (first.isAlone()) {
            alone = first;
        } else if (first.left() > 0) {
            try {
                chunk = stage(chunks());
            } catch (Throwable e) {
                unstaged = true;
                fail(Errors.asIOException("write to " + side.peer(), e));
            }
        }
        return true;
    }

    /** Nothing could be staged: a failure, unless the write that was changed has been withdrawn; then 0 bytes are taken. */
    synchronized int refuseChanged() throws IOException {
        Write first = first();
        if (first != null && first.left() > 0 && !first.isAlone()) {
            throw first.changed();
        }
        return 0;
    }

    private void releaseChunk() {
        if (chunk != null) {
            chunks().give(chunk);
            chunk = null;
        }
    }

    /** Whether there is room: once there was none, only when the queue has become much shorter. */
    synchronized boolean isWritable() {
        return !isCongested() && !isShut();
    }

    synchronized Write.Withdrawal withdraw(Write write) {
        if (!write.queued || write.isOrphaned()) {
            return Write.Withdrawal.LATE;
        }
        if (!write.hasBegun()) {
            remove(write);
            return takeTurn(write) ? Write.Withdrawal.TURN : Write.Withdrawal.DONE;
        }
        Throwable noMemory = null;
        if (write.unstaged() <= Math.min(limit(), Integer.MAX_VALUE - 8)) {
            try {
                write.orphan();
                return Write.Withdrawal.DONE;
            } catch (Throwable e) {
                noMemory = e;
            }
        }
        // The rest of the write can neither stay in the caller's buffers nor be copied.
        remove(write);
        fail(Errors.closedMeanwhile("aborted", noMemory));
        return Write.Withdrawal.TOO_LONG;
    }

    /** The write of this turn has failed. */
    synchronized void broken(int mine, IOException cause) {
        fail(cause);
        if (turn == mine) {
            turn = 0;
            alone = null;
            unstaged = false;
            Write first = first();
            if (chunk != null && first != null && first.takesBack(chunk)) {
                chunk = null;
            }
            releaseChunk();
        }
    }

    /** From now on nothing goes out. */
    synchronized void fail(IOException cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /**
     * A write is gone: who has its turn lent has it no more, but this thread, if there is something to do. In one step, since
     * nothing may be corked in front of what is queued.
     */
    private boolean takeTurn(@Nullable Write write) {
        if (write == null || write != alone || !write.abandon()) {
            return false;
        }
        alone = null;
        if (!prepare()) {
            turn = 0;
        }
        return turn != 0;
    }

    /** Takes all writes out, linked, in their order. */
    synchronized @Nullable Write takeAll() {
        takeTurn(alone);
        return clear();
    }
}
