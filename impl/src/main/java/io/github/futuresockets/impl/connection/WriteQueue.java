package io.github.futuresockets.impl.connection;

import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * All that is to be sent, in its order: a pooled buffer with staged bytes, the writes, and the end of the output. The
 * end is a half-close, or the {@link Barrier} of an upgrade. The writes are linked, so that each write can be removed.
 *
 * <p><b>Concurrency.</b> Guarded by the lock of the {@link WriteState} that owns the queue.
 */
final class WriteQueue {
    static final int HIGH_WATER = 64 << 10;
    private static final int LOW_WATER = 32 << 10;

    /**
     * The divisor from the limit of queued bytes to the limit of queued writes. Because empty writes add no bytes, the
     * limit of bytes alone does not limit empty writes.
     */
    private static final int BYTES_PER_WRITE = 16;

    private static final int MIN_WRITES = 1024;

    private @Nullable Write head;
    private @Nullable Write tail;
    private long bytes;
    private int count;

    /** True from the high-water mark on, until the queue has at most the bytes of the low-water mark. */
    private boolean congested;

    // written under the lock; the owner of the flush, and the thread that corked, may read without the lock
    /** The staged bytes that the kernel has not taken. Their writes stay queued. */
    private @Nullable ByteBuffer chunk;

    // written under the lock; isShut() may be called without the lock
    private @Nullable ShutdownWrite end;
    private @Nullable Barrier barrier;

    boolean isEmpty() {
        return head == null;
    }

    @Nullable Write first() {
        return head;
    }

    /** Returns the number of queued bytes that the kernel has not taken. */
    long bytes() {
        return bytes;
    }

    int count() {
        return count;
    }

    /** Returns true if no write is accepted any more, or until the barrier is withdrawn. */
    boolean isShut() {
        return end != null || barrier != null;
    }

    /** Returns the reason for a refusal of a write, as the end of a message. */
    String shutBy() {
        if (end == null) {
            return Errors.ENCRYPTED;
        }
        return end.closing ? Errors.CLOSED : ": the output is shut down";
    }

    /** Returns true if the half-close has left the queue. */
    boolean isEndSent() {
        return end != null && !end.queued;
    }

    /**
     * Adds the half-close at the end, unless there is a half-close, or a barrier that only a close may follow.
     *
     * @param closing true if the half-close belongs to a close
     * @return the half-close, or null if the output ends otherwise
     */
    @Nullable ShutdownWrite end(ShutdownWrite mine, boolean closing) {
        if (end == null && (closing || barrier == null)) {
            append(mine);
            end = mine;
        }
        return end(closing);
    }

    /** Returns the half-close, as {@link #end(ShutdownWrite, boolean)} does, and adds none. */
    @Nullable ShutdownWrite end(boolean closing) {
        if (end == null || end.closing && !closing) {
            return null;
        }
        end.closing |= closing;
        return end;
    }

    /** Returns the barrier behind all writes, or null. */
    @Nullable Barrier barrier() {
        return barrier;
    }

    /** Returns the barrier if no write is queued before the barrier and its upgrade has not begun, otherwise null. */
    @Nullable Barrier nextBarrier() {
        return head == null && barrier != null && barrier.isStanding() ? barrier : null;
    }

    /** Sets the barrier behind all writes. */
    void append(Barrier last) {
        barrier = last;
    }

    /** Removes a barrier, if the barrier is in the queue. */
    void remove(Barrier ended) {
        barrier = barrier == ended ? null : barrier;
    }

    /**
     * Checks that the queue has room for a write. An empty queue takes a write of any length.
     *
     * @param limit the most bytes in the queue
     * @throws IOException if the queue is full
     */
    void checkRoom(Write write, long limit) throws IOException {
        boolean full = bytes > 0 && write.left() > limit - bytes;
        if (full || count > Math.max(MIN_WRITES, limit / BYTES_PER_WRITE)) {
            throw new IOException(write.describe() + ": no room for " + write.left() + " bytes, " + bytes
                    + " of at most " + limit + " wait already in " + count + " writes: the peer is not reading");
        }
    }

    /** Adds a write at the end. */
    void append(Write write) {
        count++;
        write.queued = true;
        write.previous = tail;
        if (tail == null) {
            head = write;
        } else {
            tail.next = write;
        }
        tail = write;
        bytes += write.left();
        congested |= bytes >= HIGH_WATER;
    }

    /** Returns true from the high-water mark on, until the queue has at most the bytes of the low-water mark. */
    boolean isCongested() {
        congested &= bytes > LOW_WATER;
        return congested;
    }

    /** Removes a write. */
    void remove(Write write) {
        count--;
        write.queued = false;
        bytes -= write.left();
        if (write.previous == null) {
            head = write.next;
        } else {
            write.previous.next = write.next;
        }
        if (write.next == null) {
            tail = write.previous;
        } else {
            write.next.previous = write.previous;
        }
        write.next = null;
        write.previous = null;
    }

    /** Returns the pooled buffer with the staged bytes, or null. */
    @Nullable ByteBuffer chunk() {
        return chunk;
    }

    /** Returns true if staged bytes wait for the kernel. */
    boolean isStaged() {
        return chunk != null && chunk.hasRemaining();
    }

    /** Sets a pooled buffer with bytes for the first write. */
    void stage(ByteBuffer filled) {
        chunk = filled;
    }

    /**
     * Stages the bytes of as many writes as fit into a pooled buffer. The first write has bytes. If its source is a
     * pooled buffer, stages the source without a copy.
     */
    void stage(BufferPool chunks) {
        Write write = head;
        if (write == null) {
            throw new IllegalStateException("nothing to write");
        }
        if (write.isPooled()) {
            chunk = write.stageSource();
            return;
        }
        ByteBuffer staged = chunks.acquire(Math.min(bytes, BufferPool.LARGE));
        while (write != null && !write.exclusive && !write.isPooled() && staged.hasRemaining()) {
            write.stage(staged);
            write = write.unstaged() > 0 ? null : write.next;
        }
        chunk = staged.flip();
    }

    /** Throws if the first write cannot be staged, because the caller has changed its buffer. */
    void checkUnchanged() throws IOException {
        if (head != null && head.left() > 0 && !head.exclusive) {
            throw head.changed();
        }
    }

    /**
     * Copies all bytes of a write into the corked buffer. Returns false if the write cannot be corked. Until
     * {@link #uncork} the buffer is open for further writes.
     */
    boolean cork(Write write, BufferPool chunks) {
        long left = write.left();
        int room = chunk == null ? BufferPool.SMALL : chunk.remaining();
        if (left == 0 || left > room || write.isPooled()) {
            return false;
        }
        ByteBuffer corked = chunk != null ? chunk : chunks.acquire(left);
        chunk = corked;
        write.cork(corked);
        return true;
    }

    /** Ends the corked buffer, if there is a corked buffer. */
    void uncork() {
        if (chunk != null) {
            chunk.flip();
        }
    }

    /** Releases the buffer of staged bytes, if there is a buffer. */
    void releaseChunk(BufferPool chunks) {
        if (chunk != null) {
            chunks.release(chunk);
            chunk = null;
        }
    }

    /** Gives a staged source back to its write, after the kernel has refused the buffer. */
    void unstageSource() {
        if (head != null && chunk != null && chunk == head.source()) {
            head.unstageSource();
            chunk = null;
        }
    }

    /**
     * Removes the writes that are complete after the kernel took bytes, or the end.
     *
     * @param count the number of bytes
     * @return the removed writes, linked, in their order
     */
    @Nullable Write taken(long count) {
        Write done = null;
        Write last = null;
        long rest = count;
        for (Write write = head; write != null; write = head) {
            long mine = write.taken(rest);
            rest -= mine;
            bytes -= mine;
            if (write.left() > 0 || write.exclusive) {
                break;
            }
            remove(write);
            write.exhaust();
            if (last == null) {
                done = write;
            } else {
                last.next = write;
            }
            last = write;
        }
        return done;
    }

    /** Removes all writes and returns the writes, linked, in their order. */
    @Nullable Write clear() {
        Write all = head;
        for (Write each = head; each != null; each = each.next) {
            each.queued = false;
            each.previous = null;
        }
        head = null;
        tail = null;
        bytes = 0;
        count = 0;
        return all;
    }
}
