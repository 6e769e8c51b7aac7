package io.github.futuresockets.impl.connection;

import io.github.futuresockets.impl.transport.BufferPool;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The queue of writes, in their order. Linked through the writes, so that each write can be removed.
 *
 * <p><b>Concurrency.</b> Guarded by the lock of the {@link WriteState} that owns the queue.
 */
final class WriteQueue {
    private static final int HIGH_WATER = 64 << 10;
    private static final int LOW_WATER = 32 << 10;

    private @Nullable Write head;
    private @Nullable Write tail;
    private long bytes;
    private int count;

    /** True from the high-water mark on, until the queue has at most the bytes of the low-water mark. */
    private boolean congested;

    // written under the lock; WriteState.isShut() may read without the lock
    /** True if the last write upgrades the connection. */
    private boolean upgrading;

    boolean isEmpty() {
        return head == null;
    }

    @Nullable Write first() {
        return head;
    }

    /** Returns true if the last write upgrades the connection. */
    boolean isUpgrading() {
        return upgrading;
    }

    /** Returns the number of queued bytes that the kernel has not taken. */
    long bytes() {
        return bytes;
    }

    int count() {
        return count;
    }

    /** Adds a write at the end. */
    void append(Write write) {
        count++;
        upgrading |= write.isUpgrade();
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
        upgrading &= !write.isUpgrade();
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

    /**
     * Returns a buffer with the bytes of as many writes as fit. The first write has bytes. If the first write has its
     * own pooled buffer, returns this buffer without a copy.
     */
    ByteBuffer stage(BufferPool chunks) {
        Write write = head;
        if (write == null) {
            throw new IllegalStateException("nothing to write");
        }
        ByteBuffer own = write.ownChunk();
        if (own != null) {
            write.stageAll();
            return own;
        }
        ByteBuffer chunk = chunks.acquire(Math.min(bytes, BufferPool.LARGE));
        while (write != null && !write.isAlone() && chunk.hasRemaining() && write.ownChunk() == null) {
            write.stage(chunk);
            write = write.unstaged() > 0 ? null : write.next;
        }
        return chunk.flip();
    }

    /**
     * Removes the writes that are complete after the kernel took bytes, or the end.
     *
     * @param count the number of bytes
     * @param ended the write that was alone in the flush, or null
     * @return the removed writes, linked, in their order
     */
    @Nullable Write taken(long count, @Nullable Write ended) {
        Write done = null;
        Write last = null;
        long rest = count;
        for (Write write = head; write != null; write = head) {
            long mine = write.taken(rest);
            rest -= mine;
            bytes -= mine;
            if (write.left() > 0 || write.isOpen() || (write.isEnd() && write != ended)) {
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
