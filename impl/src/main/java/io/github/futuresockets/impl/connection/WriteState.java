package io.github.futuresockets.impl.connection;

import io.github.futuresockets.SocketStats;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The state of a {@link WriteSide}: the queue, the flush with its pooled buffer, and the end of the output. */
public final class WriteState {
    /*
     * No future is completed, no user code runs and no system call is made under the lock.
     *
     * Flush: a single thread at a time owns the flush. The first owner is the thread that queued a write into an idle
     * side. If the transport has no room, the flush waits, and the next owner is the thread of the signal. `flushId` is
     * the number of the flush, or 0 if there is no flush. Bytes are staged from the queue into a pooled buffer (`chunk`)
     * under the lock, and sent to the kernel without the lock. Therefore a withdrawn write has its own buffer back. A
     * lent buffer goes to the kernel without the lock, within the call that begins the write. Because the caller has no
     * future yet, the caller cannot withdraw the write.
     *
     * Offload: a write that is `alone` may offload its flush to a thread that blocks. Only an offloaded flush can be
     * taken from its owner. After the offload, the offloading thread returns and touches no state.
     *
     * Release: after `release`, no flush begins, and no flush is offloaded. `turns` is then negative: the negated number
     * of the flush that a thread owned at the moment of the release, or FREE. The release has taken a hold for this
     * flush, and the thread that ends the flush, or lets the flush wait, ends the hold.
     *
     * Cork: a `chunk` without a flush is corked, and holds all queued bytes. The corking thread begins a flush soon,
     * even if a callback throws. Until then the corking thread may call isCorked() without the lock.
     *
     * Queue: a write stays in the queue until the kernel has its last byte, or until a withdrawal or an end removes the
     * write. The removing thread completes the future. Staged bytes are sent even if their write was removed.
     *
     * Memory: if no pooled buffer can be made, `failure` is set and no byte is sent any more. The flush still goes to
     * the thread that was to send the buffer. The thread finds the failure by check() and ends the connection.
     * Therefore no flush is lost, and no locked section throws after a change of the queue.
     */
    /**
     * The divisor from the limit of queued bytes to the limit of queued writes. Because empty writes add no bytes, the
     * limit of bytes alone does not limit empty writes.
     */
    private static final int BYTES_PER_WRITE = 16;

    private static final int MIN_WRITES = 1024;

    /** Result of {@link #start}: the write is not queued. */
    static final int REFUSED = -1;

    /** Result of {@link #start} and {@link #beginFlush}: the calling thread owns no flush. */
    static final int QUEUED = 0;

    /** The value of turns after a release without a flush. */
    private static final int FREE = Integer.MIN_VALUE;

    private final Side<?> side;
    private final WriteQueue queue = new WriteQueue();

    // written under this; the owner, or former owner, of the flush may read without the lock
    /** The number of the current flush, or 0. */
    private int flushId;

    // guarded by this; a thread may call isHeld() without the lock for a flush that the thread has ended
    /** The number of the last flush. Negative after the release. */
    private int turns;

    // written under this; isShut() may be called without the lock, and check() by the owner of the flush
    private boolean closed;
    private @Nullable ShutdownWrite end;
    private @Nullable IOException failure;

    /** True if the pooled buffer of the current flush could not be made. */
    private boolean unstaged;

    // guarded by this
    /** True while the flush waits for the signal of the transport. */
    private boolean waiting;

    // the owner's of the flush
    /** True if the transport has the buffer and has not reported its bytes. The buffer may have no bytes left. */
    private boolean offered;

    // written under this; the owner of the flush may read both without the lock
    private @Nullable ByteBuffer chunk;
    private @Nullable Write alone;

    // guarded by this
    private long bytesOut;
    private long writes;

    WriteState(Side<?> side) {
        this.side = side;
    }

    private BufferPool chunks() {
        return side.loop().chunks();
    }

    private long limit() {
        return side.engine().settings().writeQueueLimit();
    }

    /** Returns the statistics of both sides. The read side passes its own counts. */
    synchronized SocketStats stats(long bytesIn, long reads) {
        return new SocketStats(bytesIn, bytesOut, reads, writes, queue.bytes());
    }

    /** Returns true while a thread owns a flush. A flush that waits for the transport has no owner. */
    public synchronized boolean isFlushing() {
        return flushId != 0 && !waiting;
    }

    /**
     * Lets the flush wait for the signal of the transport. For the owner, which then requests the signal.
     *
     * @return true if the caller then has to end the hold of the flush
     */
    synchronized boolean await() {
        offered = chunk != null;
        waiting = true;
        return isHeld(flushId);
    }

    /** Begins the release. Revokes an offload, and takes a hold for the thread that owns the flush, if there is one. */
    synchronized void release(HoldCount holds) {
        turns = FREE;
        takeTurn(alone);
        if (isFlushing()) {
            turns = -flushId;
            holds.hold();
        }
    }

    /** Returns true after the release. Under the lock. */
    boolean isReleased() {
        return turns < 0;
    }

    /** Returns true if the release has taken a hold for a flush. For the thread that has ended the flush. */
    boolean isHeld(int flush) {
        return flush > 0 && turns == -flush;
    }

    /** Returns true if the transport has the buffer and has not reported its bytes. For the owner of the flush. */
    boolean isOffered() {
        return offered;
    }

    /**
     * Makes the calling thread the owner of the flush that has waited. After a failure of the output, the flush waits
     * for {@link #released}, because the transport may use the buffer until its close.
     *
     * @return the number of the flush, or QUEUED
     */
    synchronized int resume() {
        if (!waiting || failure != null || isReleased()) {
            return QUEUED;
        }
        waiting = false;
        return flushId;
    }

    /** Ends a flush that waits and releases its pooled buffer, after the close of the transport. */
    synchronized void released() {
        if (waiting) {
            waiting = false;
            flushId = 0;
            alone = null;
            offered = false;
            releaseChunk();
        }
    }

    /** Returns true if writes are queued. */
    synchronized boolean isWaiting() {
        return !queue.isEmpty();
    }

    /** Returns the pooled buffer of the flush, or null. For the owner of the flush. */
    @Nullable ByteBuffer chunk() {
        return chunk;
    }

    /** Returns the write that has the flush for itself, or null. For the owner of the flush. */
    @Nullable Write alone() {
        return alone;
    }

    /**
     * Ends the offload of a flush and sets a pooled buffer for the kernel. The caller owns the flush from now on.
     *
     * @return false if the offload had been revoked, so that the caller keeps its buffer
     */
    public synchronized boolean resume(OffloadedWrite write, ByteBuffer next) {
        boolean had = write.revoke();
        if (had) {
            write.begin();
            chunk = next;
        }
        return had;
    }

    /**
     * Defers {@code close} while the kernel sends from a file. Returns false if the kernel does not send from a file.
     */
    synchronized boolean defer(Runnable close) {
        return alone instanceof OffloadedWrite offloaded && offloaded.defer(close);
    }

    /**
     * Queues a write, unless the output is shut or the queue is full.
     *
     * @param more true if the flush may wait for further writes of this thread, which then calls {@link #beginFlush}
     * @param lent true if this thread flushes at once, before the caller has the future, so that a buffer may be lent
     * @return REFUSED, QUEUED, or the number of the flush that this thread owns now
     */
    synchronized int start(Write write, boolean more, boolean lent) {
        if (isShut()) {
            write.refusal = refusal(write.describe());
            return REFUSED;
        }
        boolean full = queue.bytes() > 0 && write.left() > limit() - queue.bytes();
        if (full || queue.count() > Math.max(MIN_WRITES, limit() / BYTES_PER_WRITE)) {
            write.refusal = new IOException(write.describe() + ": no room for " + write.left() + " bytes, "
                    + queue.bytes() + " of at most " + limit() + " wait already in " + queue.count()
                    + " writes: the peer is not reading");
            return REFUSED;
        }
        try {
            if (lent && flushId == 0 && queue.isEmpty()) {
                write.lendSource();
            }
            enqueue(write);
            boolean joined = (more || isCorked()) && cork(write);
            return more && joined ? QUEUED : beginFlush();
        } catch (Throwable e) {
            if (write.queued) {
                queue.remove(write);
            }
            write.refusal = Errors.asIOException(write.describe(), e);
            fail(write.refusal);
            return REFUSED;
        }
    }

    /** Copies the bytes of a write into the corked buffer. Returns false if the write cannot be corked. */
    private boolean cork(Write write) {
        assert Thread.holdsLock(this);
        long left = write.left();
        int room = chunk == null ? BufferPool.SMALL : chunk.remaining();
        if (flushId != 0 || left == 0 || left > room || write.ownChunk() != null) {
            return false;
        }
        if (chunk == null) {
            chunk = chunks().acquire(left);
        }
        write.cork(chunk);
        return true;
    }

    /** Throws the failure if the pooled buffer of the flush could not be made. For the owner of the flush. */
    void check() throws IOException {
        if (unstaged && failure != null) {
            throw failure;
        }
    }

    /** Returns true if a pooled buffer waits for a flush. Without the lock, only for the thread that corked. */
    boolean isCorked() {
        return chunk != null && flushId == 0;
    }

    private void enqueue(Write write) {
        assert Thread.holdsLock(this);
        queue.append(write);
        writes += write.isEnd() ? 0 : 1;
    }

    /** Returns true if no further write is accepted. Without the lock the result may be outdated. */
    public boolean isShut() {
        return failure != null || closed || end != null || queue.isUpgrading();
    }

    /** Returns the failure of a write that is not accepted. */
    synchronized IOException refusal(String what) {
        String why = failure != null || closed
                ? ": the socket is closed"
                : end != null ? ": the output is shut down" : Errors.ENCRYPTED;
        return Errors.closed(what + why, failure);
    }

    /**
     * Queues the end of the output, after which no write is accepted.
     *
     * @return the end in the queue, which is {@code mine} or an earlier end; null if there is none
     */
    synchronized @Nullable ShutdownWrite end(ShutdownWrite mine, boolean closing) {
        if (closed && !closing) {
            return null;
        }
        if (end == null && failure == null && (closing || !queue.isUpgrading())) {
            enqueue(mine);
            end = mine;
        }
        closed |= closing;
        return end;
    }

    /** Returns true if the end has left the queue. */
    synchronized boolean isEndSent() {
        return end != null && !end.queued;
    }

    /** Begins a flush if no flush is running and a write is queued. Returns its number, or QUEUED. */
    synchronized int beginFlush() {
        if (flushId != 0) {
            return QUEUED;
        }
        if (chunk != null) {
            chunk.flip();
        }
        if (!prepare()) {
            return QUEUED;
        }
        turns = turns == Integer.MAX_VALUE ? 1 : turns + 1;
        flushId = turns;
        return flushId;
    }

    /** Returns true if the given flush is still the current flush. For its owner or former owner. */
    boolean ownsFlush(int mine) {
        return flushId == mine;
    }

    /** Returns the number of the current flush, or 0. */
    synchronized int flushId() {
        return flushId;
    }

    /**
     * Notes that the kernel has taken {@code count} bytes, or the end. The flush continues, or ends if the queue is
     * empty.
     *
     * @return the complete writes, linked, in their order
     */
    synchronized @Nullable Write advance(int count) {
        bytesOut += count;
        offered = false;
        Write done = failure == null ? queue.taken(count, alone) : null;
        alone = null;
        if (!prepare()) {
            flushId = 0;
        }
        return done;
    }

    /**
     * Prepares the next step of a flush: a pooled buffer to send, a write that is alone, or an empty write to complete.
     * Returns false if there is no next step.
     */
    private boolean prepare() {
        assert Thread.holdsLock(this);
        boolean over = failure != null || isReleased();
        if (chunk != null && chunk.hasRemaining() && !over) {
            return true;
        }
        releaseChunk();
        Write first = queue.first();
        if (first == null || over) {
            return false;
        }
        if (first.isAlone()) {
            alone = first;
        } else if (first.left() > 0) {
            try {
                chunk = queue.stage(chunks());
            } catch (Throwable e) {
                unstaged = true;
                fail(Errors.asIOException("write to " + side.peer(), e));
            }
        }
        return true;
    }

    /**
     * Fails because nothing could be staged: the buffer of the first write was changed. Returns 0 if the write has been
     * withdrawn.
     *
     * @throws IOException if the buffer of the first write was changed
     */
    synchronized int refuseChanged() throws IOException {
        Write first = queue.first();
        if (first != null && first.left() > 0 && !first.isAlone()) {
            throw first.changed();
        }
        return 0;
    }

    private void releaseChunk() {
        assert Thread.holdsLock(this);
        if (chunk != null) {
            chunks().release(chunk);
            chunk = null;
        }
    }

    /** Returns true if the queue has room. A congested queue has room again below its low-water mark. */
    synchronized boolean isWritable() {
        return !queue.isCongested() && !isShut();
    }

    /** Withdraws a write. If bytes of the write were staged, its rest is copied and still sent. */
    synchronized Write.Withdrawal withdraw(Write write) {
        if (!write.queued || write.isOrphaned()) {
            return Write.Withdrawal.LATE;
        }
        if (!write.hasBegun()) {
            queue.remove(write);
            return takeTurn(write) ? Write.Withdrawal.FLUSH : Write.Withdrawal.DONE;
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
        queue.remove(write);
        fail(Errors.closedMeanwhile("aborted", noMemory));
        return Write.Withdrawal.TOO_LONG;
    }

    /** Fails the output and ends the given flush, after a failed step of the flush. */
    synchronized void broken(int mine, IOException cause) {
        fail(cause);
        if (flushId == mine) {
            flushId = 0;
            alone = null;
            unstaged = false;
            offered = false;
            Write first = queue.first();
            if (chunk != null && first != null && first.takesBack(chunk)) {
                chunk = null;
            }
            releaseChunk();
        }
    }

    /** Fails the output. No byte is sent from now on. The first failure is kept. */
    synchronized void fail(IOException cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /**
     * Revokes the offload of a removed write. Because no write may be corked in front of the queued writes, the caller
     * gets the flush in the same locked section.
     *
     * @return true if the calling thread owns the flush now
     */
    private boolean takeTurn(@Nullable Write write) {
        assert Thread.holdsLock(this);
        if (write == null || write != alone || !write.revoke()) {
            return false;
        }
        alone = null;
        if (!prepare()) {
            flushId = 0;
        }
        return flushId != 0;
    }

    /** Removes all writes and returns the writes, linked, in their order. */
    synchronized @Nullable Write takeAll() {
        takeTurn(alone);
        return queue.clear();
    }
}
