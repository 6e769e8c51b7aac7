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

    private static final int KEPT_SMALL = 1024;
    private static final int SPARE = 32;
    private static final int KEPT_LARGE = 64;

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
    }

    private final Loop loop;
    private final Stack small = new Stack(SMALL, KEPT_SMALL);
    private final Stack large = new Stack(LARGE, KEPT_LARGE);
    private final Stack sharedSmall = new Stack(SMALL, 64);
    private final Stack sharedLarge = new Stack(LARGE, 8);
    private final Stack records = new Stack(RECORDS, KEPT_LARGE);
    private final Stack sharedRecords = new Stack(RECORDS, 8);

    Chunks(Loop loop) {
        this.loop = loop;
    }

    /** A cleared chunk: large if {@code bytes} do not fit into a small one. */
    ByteBuffer take(long bytes) {
        if (loop.inLoop()) {
            return (bytes > SMALL ? large : small).take();
        }
        synchronized (sharedSmall) {
            return (bytes > SMALL ? sharedLarge : sharedSmall).take();
        }
    }

    /** A cleared chunk for a large one that is encrypted. */
    ByteBuffer takeForRecords() {
        if (loop.inLoop()) {
            return records.take();
        }
        synchronized (sharedSmall) {
            return sharedRecords.take();
        }
    }

    /** Gives a chunk back; nobody may touch it any more. */
    void give(ByteBuffer chunk) {
        int size = chunk.capacity();
        Stack own = size == SMALL ? small : size == LARGE ? large : records;
        Stack shared = size == SMALL ? sharedSmall : size == LARGE ? sharedLarge : sharedRecords;
        // What other threads take comes back on the loop: without this they would never find any.
        if (loop.inLoop() && (own.count < SPARE || shared.count == shared.kept.length)) {
            own.give(chunk);
        } else {
            synchronized (sharedSmall) {
                shared.give(chunk);
            }
        }
    }
}
