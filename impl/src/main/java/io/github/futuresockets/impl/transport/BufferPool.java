package io.github.futuresockets.impl.transport;

import io.github.futuresockets.impl.common.Supplies;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/**
 * The pooled buffers of a loop, in four sizes. Direct buffers are for the kernel. Heap buffers are for the ciphers of
 * the JDK, because a cipher takes a third more time on direct buffers.
 *
 * <p><b>Concurrency.</b> The loop's own thread uses stacks of its own without a lock. All other threads share further
 * stacks under a lock. A released buffer without room in the stacks is left to the garbage collector, so the pool is
 * bounded.
 *
 * <p><b>Buffers.</b> A buffer belongs to the caller of {@code acquire} until {@link #release}.
 */
public final class BufferPool {
    /** The smallest size, in bytes. */
    public static final int SMALL = 4 << 10;

    /** The size for bulk transfers, in bytes. */
    public static final int LARGE = 64 << 10;

    /**
     * The size for the content of a {@link #LARGE} buffer after encryption into records of 16 KiB, with room for a
     * spare record. An {@code SSLEngine} asks for the spare room.
     */
    public static final int RECORDS = 68 << 10;

    /**
     * The size for bytes that stay in place until the kernel or a cipher uses them. A copy of this many bytes would no
     * longer find them in a cache near the core. The buffer and the copies of the kernel before and after it must fit
     * into the cache together. With a cache of 512 KiB, buffers of twice this size take up to twice the time.
     */
    public static final int HUGE = 128 << 10;

    /** The loop keeps this many released buffers of a size before the shared stacks get the next. */
    private static final int MAX_SPARE = 32;

    /** The number of bytes from which a caller's direct buffer is used without a copy. */
    private static final int DIRECT_IO_MIN = 16 << 10;

    /** A stack of free buffers of the same size. Not thread-safe. */
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

        /** Returns a cleared buffer, from the stack if there is any. */
        public ByteBuffer acquire() {
            if (count == 0) {
                return maker.apply(size);
            }
            ByteBuffer chunk = kept[--count];
            kept[count] = null;
            return chunk.clear();
        }

        /** Keeps a buffer, unless the stack is full. */
        public void release(ByteBuffer chunk) {
            if (count < kept.length) {
                kept[count++] = chunk;
            }
        }

        boolean isFull() {
            return count == kept.length;
        }
    }

    private final IoLoop loop;

    // the loop's thread alone
    private final Stack[] own;
    private final Stack[] ownArrays;

    // Each guarded by itself. The check for a full stack in release reads a count without the lock.
    private final Stack[] shared;
    private final Stack[] sharedArrays;

    /** Creates the pool of a loop. */
    public BufferPool(IoLoop loop, Supplies.Memory memory) {
        this.loop = loop;
        own = Stack.ofEachSize(memory::direct, 1024, 64, 64, 16);
        shared = Stack.ofEachSize(memory::direct, 64, 8, 8, 2);
        ownArrays = Stack.ofEachSize(memory::array, 256, 32, 4, 0);
        sharedArrays = Stack.ofEachSize(memory::array, 16, 4, 2, 0);
    }

    /** Returns true if the kernel's use of a caller's buffer costs less than a copy of the buffer. */
    public static boolean isWorthLending(ByteBuffer buffer) {
        return buffer.isDirect() && buffer.remaining() >= DIRECT_IO_MIN;
    }

    /** Returns a cleared direct buffer, of the smallest size with room for {@code bytes}, or of the largest size. */
    public ByteBuffer acquire(long bytes) {
        return acquire(own, shared, sizeClass(bytes));
    }

    /** Returns a cleared heap buffer, of the smallest size with room for {@code bytes}, or of the largest size. */
    public ByteBuffer acquireArray(long bytes) {
        return acquire(ownArrays, sharedArrays, sizeClass(bytes));
    }

    private ByteBuffer acquire(Stack[] mine, Stack[] others, int kind) {
        if (loop.inLoop()) {
            return mine[kind].acquire();
        }
        synchronized (others) {
            return others[kind].acquire();
        }
    }

    /** Returns a buffer to the pool. The caller must not use the buffer afterwards. */
    public void release(ByteBuffer chunk) {
        int kind = sizeClass(chunk.capacity());
        if (chunk.isDirect()) {
            release(chunk, own[kind], shared, kind);
        } else {
            release(chunk, ownArrays[kind], sharedArrays, kind);
        }
    }

    private void release(ByteBuffer chunk, Stack mine, Stack[] others, int kind) {
        // Buffers acquired by other threads are released on the loop. The surplus refills the shared stacks.
        if (loop.inLoop() && (mine.count < MAX_SPARE || others[kind].isFull())) {
            mine.release(chunk);
        } else {
            synchronized (others) {
                others[kind].release(chunk);
            }
        }
    }

    /** Returns the index of the smallest size with room for this many bytes, or of the largest size. */
    private static int sizeClass(long bytes) {
        return bytes <= SMALL ? 0 : bytes <= LARGE ? 1 : bytes <= RECORDS ? 2 : 3;
    }
}
