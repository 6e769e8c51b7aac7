package io.github.futuresockets.impl;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes in their order, linked through themselves so that one can be taken out anywhere.
 *
 * <p>A superclass of {@link WriteState}, which guards it, and no part of it, since each connection pays for each object.
 */
class WriteQueue {
    private static final int HIGH_WATER = 64 << 10;
    private static final int LOW_WATER = 32 << 10;

    private @Nullable Write head;
    private @Nullable Write tail;
    private long bytes;
    private int count;
    private boolean congested;
    private boolean handingOver;

    final boolean isEmpty() {
        return head == null;
    }

    final @Nullable Write first() {
        return head;
    }

    /** Whether the last of the writes hands the connection over. */
    final boolean isHandingOver() {
        return handingOver;
    }

    /** How many bytes wait that the kernel has not taken. */
    final long bytes() {
        return bytes;
    }

    final int count() {
        return count;
    }

    final void append(Write write) {
        count++;
        handingOver |= write.handsOver();
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

    /** Whether there are many bytes: once there were, until there are much fewer. */
    final boolean isCongested() {
        congested &= bytes > LOW_WATER;
        return congested;
    }

    final void remove(Write write) {
        count--;
        handingOver &= !write.handsOver();
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

    /** A chunk with bytes of as many writes as fit; the first has some. */
    final ByteBuffer stage(Chunks chunks) {
        Write write = head;
        if (write == null) {
            throw new IllegalStateException("nothing to write");
        }
        ByteBuffer own = write.ownChunk();
        if (own != null) {
            write.stageAll();
            return own;
        }
        ByteBuffer chunk = chunks.take(Math.min(bytes, Chunks.LARGE));
        while (write != null && !write.isAlone() && chunk.hasRemaining() && write.ownChunk() == null) {
            write.stage(chunk);
            write = write.unstaged() > 0 ? null : write.next;
        }
        return chunk.flip();
    }

    /** The kernel has taken so many bytes, or the end: the writes that are done, linked, in their order. */
    final @Nullable Write taken(long count, @Nullable Write ended) {
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

    /** All writes, linked, in their order. */
    final @Nullable Write clear() {
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
