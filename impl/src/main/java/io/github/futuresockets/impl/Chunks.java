package io.github.futuresockets.impl;

import java.nio.ByteBuffer;

/**
 * The direct buffers of a loop, in a few sizes. On the loop's own thread they come and go without a lock; other threads share
 * a second stack under one. What does not fit into either is left to the garbage collector, so the pool is bounded.
 */
final class Chunks {
    static final int SMALL = 4 << 10;
    static final int LARGE = 64 << 10;

    /** For what a large chunk becomes when it is encrypted, in records of 16 KiB; an engine wants room for one more to spare. */
    static final int RECORDS = 68 << 10;

    /** For bytes that stay where they are: a copy of so many would no longer find them in a cache near the core. */
    static final int HUGE = 256 << 10;

    private static final int SPARE = 32;
    private static final int LENT = 16 << 10;

    /** A stack of chunks of one size. */
    private static final class Stack {
        private final int size;
        private final ByteBuffer[] kept;
        private int count;

        Stack(int size, int limit) {
            this.size = size;
            this.kept = new ByteBuffer[limit];
        }

        ByteBuffer take() {
            if (count == 0) {
                return ByteBuffer.allocateDirect(size);
            }
            ByteBuffer chunk = kept[--count];
            kept[count] = null;
            return chunk.clear();
        }

        void give(ByteBuffer chunk) {
            if (count < kept.length) {
                kept[count++] = chunk;
            }
        }

        boolean isFull() {
            return count == kept.length;
        }
    }

    private final Loop loop;
    private final Stack[] own = {
        new Stack(SMALL, 1024), new Stack(LARGE, 64), new Stack(RECORDS, 64), new Stack(HUGE, 16)
    };
    private final Stack[] shared = {new Stack(SMALL, 64), new Stack(LARGE, 8), new Stack(RECORDS, 8), new Stack(HUGE, 2)
    };

    Chunks(Loop loop) {
        this.loop = loop;
    }

    /** Whether a copy of a caller's buffer would cost more than the kernel's use of that very buffer. */
    static boolean isWorthLending(ByteBuffer buffer) {
        return buffer.isDirect() && buffer.remaining() >= LENT;
    }

    /** A cleared chunk, of the smallest size that {@code bytes} fit into, or the largest. */
    ByteBuffer take(long bytes) {
        int kind = kindOf(bytes);
        if (loop.inLoop()) {
            return own[kind].take();
        }
        synchronized (shared) {
            return shared[kind].take();
        }
    }

    /** Gives a chunk back; nobody may touch it any more. */
    void give(ByteBuffer chunk) {
        int kind = kindOf(chunk.capacity());
        // What other threads take comes back on the loop: without this they would never find any.
        if (loop.inLoop() && (own[kind].count < SPARE || shared[kind].isFull())) {
            own[kind].give(chunk);
        } else {
            synchronized (shared) {
                shared[kind].give(chunk);
            }
        }
    }

    private static int kindOf(long bytes) {
        return bytes <= SMALL ? 0 : bytes <= LARGE ? 1 : bytes <= RECORDS ? 2 : 3;
    }
}
