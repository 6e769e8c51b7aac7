package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.transport.BufferPool;
import io.github.futuresockets.impl.transport.IoLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A loop whose tasks run when a test says so, on the thread of the test. Counts the buffers of its pool. The thread of
 * the test counts as the thread of the loop, except within {@link #outside}.
 */
final class ScriptedLoop implements IoLoop, Supplies.Memory {
    private static final int[] SIZES = {BufferPool.SMALL, BufferPool.LARGE, BufferPool.RECORDS, BufferPool.HUGE};

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final BufferPool chunks = new BufferPool(this, this);
    private final Set<ByteBuffer> made = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean outside;

    /** The last buffer that was made. */
    private ByteBuffer fresh;

    /** True if the tasks of an engine run within the call. */
    boolean takesLong;

    /** Runs when the pool gets or gives a buffer. */
    Runnable duringPooling = () -> {};

    /** Runs something on a thread that is not the thread of the loop. */
    void outside(Runnable what) {
        outside = true;
        try {
            what.run();
        } finally {
            outside = false;
        }
    }

    /** Runs all tasks, and the tasks that they give. */
    void runAll() {
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
        }
    }

    /** Waits for a task of another thread, and runs the task. */
    void runNext() throws InterruptedException {
        tasks.take().run();
    }

    /** Returns the number of tasks that wait. */
    int waiting() {
        return tasks.size();
    }

    /** Fails if a buffer of the pool was not released, or was released twice. */
    void assertAllReleased() {
        assertEquals(0, unreleased(), "buffers that were not released");
    }

    /** Returns the number of buffers that were not released. Fails if a buffer was released twice. */
    int unreleased() {
        List<ByteBuffer> spare = new ArrayList<>();
        for (int size : SIZES) {
            drain(size, spare);
            outside(() -> drain(size, spare));
        }
        Set<ByteBuffer> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        for (ByteBuffer each : spare) {
            assertTrue(distinct.add(each), "a buffer that was released twice");
        }
        int count = made.size() - distinct.size();
        made.clear();
        return count;
    }

    private void drain(int size, List<ByteBuffer> spare) {
        for (boolean direct : new boolean[] {true, false}) {
            while (direct || size < BufferPool.HUGE) {
                ByteBuffer next = direct ? chunks.acquire(size) : chunks.acquireArray(size);
                if (fresh == next) {
                    made.remove(next);
                    break;
                }
                spare.add(next);
            }
        }
    }

    @Override
    public ByteBuffer direct(int bytes) {
        return made(ByteBuffer.allocateDirect(bytes));
    }

    /** Makes an array. Because the pool keeps no array of the largest size, such an array is not counted. */
    @Override
    public ByteBuffer array(int bytes) {
        ByteBuffer next = ByteBuffer.allocate(bytes);
        return bytes == BufferPool.HUGE ? next : made(next);
    }

    private ByteBuffer made(ByteBuffer next) {
        fresh = next;
        made.add(next);
        return next;
    }

    @Override
    public boolean inLoop() {
        duringPooling.run();
        return !outside;
    }

    @Override
    public boolean mayTakeLong() {
        return takesLong;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public IoContext context() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void context(IoContext context) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BufferPool chunks() {
        return chunks;
    }

    @Override
    public void shutdown() {}

    @Override
    public void awaitTermination() {}
}
