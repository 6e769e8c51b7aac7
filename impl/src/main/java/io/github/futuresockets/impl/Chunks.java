package io.github.futuresockets.impl;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/**
 * The buffers of a loop, in a few sizes: direct ones for what the kernel reads and writes, arrays for what the JDK's ciphers do,
 * which cost a third as much again in direct ones. On the loop's own thread they come and go without a lock; other threads share
 * a second stack under one. What does not fit into either is left to the garbage collector, so the pool is bounded.
 */
final class Chunks {
    static final int SMALL = 4 << 10;
    static final int LARGE = 64 << 10;

    /** For what a large chunk becomes when it is encrypted, in records of 16 KiB; an engine wants room for one more to spare. */
    static final int RECORDS = 68 << 10;

    /**
     * For bytes that stay where they are: a copy of so many would no longer find them in a cache near the core. The chunk and the
     * kernel's own copies, before and behind it, are to find room there together: where that cache has 512 KiB, chunks of twice
     * the size cost up to twice the time.
     */
    static final int HUGE = 128 << 10;

    private static final int SPARE = 32;
    private static final int LENT = 16 << 10;

    /** A stack of chunks of one size. */
    private static final class Stack {
        private final int size;
        private final IntFunction<ByteBuffer> maker;
        private final ByteBuffer[] kept;
        private int count;

        Stack(int size, IntFunction<ByteBuffer> maker, int limit) {
            this.size = size;
            this.maker = maker;
            this.kept = new ByteBuffer[limit];
        }

        static Stack[] ofEachSize(IntFunction<ByteBuffer> maker, int... limits) {
            return new Stack[] {
                new Stack(SMALL, maker, limits[0]),
                new Stack(LARGE, maker, limits[1]),
                new Stack(RECORDS, maker, limits[2]),
                new Stack(HUGE, maker, limits[3])
            };
        }

        ByteBuffer take() {
            if (count == 0) {
                return maker.apply(size);
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
    private final Stack[] own;
    private final Stack[] shared;
    private final Stack[] ownArrays;
    private final Stack[] sharedArrays;

    Chunks(Loop loop, Supplies.Memory memory) {
        this.loop = loop;
        own = Stack.ofEachSize(memory::direct, 1024, 64, 64, 16);
        shared = Stack.ofEachSize(memory::direct, 64, 8, 8, 2);
        ownArrays = Stack.ofEachSize(memory::array, 256, 32, 4, 0);
        sharedArrays = Stack.ofEachSize(memory::array, 16, 4, 2, 0);
    }

    /** Whether a copy of a caller's buffer would cost more than the kernel's use of that very buffer. */
    static boolean isWorthLending(ByteBuffer buffer) {
        return buffer.isDirect() && buffer.remaining() >= LENT;
    }

    /** A cleared direct chunk, of the smallest size that {@code bytes} fit into, or the largest. */
    ByteBuffer take(long bytes) {
        return take(own, shared, kindOf(bytes));
    }

    /** The same of an array. */
    ByteBuffer takeArray(long bytes) {
        return take(ownArrays, sharedArrays, kindOf(bytes));
    }

    private ByteBuffer take(Stack[] mine, Stack[] others, int kind) {
        if (loop.inLoop()) {
            return mine[kind].take();
        }
        synchronized (others) {
            return others[kind].take();
        }
    }

    /** Gives a chunk back; nobody may touch it any more. */
    void give(ByteBuffer chunk) {
        int kind = kindOf(chunk.capacity());
        if (chunk.isDirect()) {
            give(chunk, own[kind], shared, kind);
        } else {
            give(chunk, ownArrays[kind], sharedArrays, kind);
        }
    }

    private void give(ByteBuffer chunk, Stack mine, Stack[] others, int kind) {
        // What other threads take comes back on the loop: without this they would never find any.
        if (loop.inLoop() && (mine.count < SPARE || others[kind].isFull())) {
            mine.give(chunk);
        } else {
            synchronized (others) {
                others[kind].give(chunk);
            }
        }
    }

    private static int kindOf(long bytes) {
        return bytes <= SMALL ? 0 : bytes <= LARGE ? 1 : bytes <= RECORDS ? 2 : 3;
    }
}
