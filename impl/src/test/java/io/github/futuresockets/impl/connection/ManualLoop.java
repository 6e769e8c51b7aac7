package io.github.futuresockets.impl.connection;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.transport.BufferPool;
import io.github.futuresockets.impl.transport.IoLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

/** A loop whose tasks run when a test says so. The test's thread counts as the thread of the loop only within a task. */
final class ManualLoop implements IoLoop {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final CountedMemory memory = new CountedMemory();
    private final BufferPool chunks = new BufferPool(this, memory);
    private IoContext context;
    private boolean inLoop;

    /** True if the loop takes no task, as after its end. */
    boolean refuses;

    /** Runs within the next refusal of a task. */
    Runnable duringRefusal = () -> {};

    /** Runs within the next request for the context. */
    Runnable duringContext = () -> {};

    /** Runs within the next question for the thread of the loop. */
    Runnable duringInLoop = () -> {};

    /** True if no alarm can be set. */
    boolean refusesAlarms;

    /** Runs a task as a task of the loop, and leaves the tasks that the task gives. */
    void onLoop(Runnable task) {
        boolean before = inLoop;
        inLoop = true;
        try {
            task.run();
        } finally {
            inLoop = before;
        }
    }

    /** Runs the next task. Returns false if there is none. */
    boolean runNext() {
        Runnable next = tasks.poll();
        if (next != null) {
            onLoop(next);
        }
        return next != null;
    }

    /** Runs all tasks, and the tasks that they give. */
    void runAll() {
        while (runNext()) {
            continue;
        }
    }

    /** Fails unless each pooled buffer is in the pool exactly once. Empties the pool. */
    void assertBuffersReleasedOnce() {
        memory.assertReleasedOnce(this);
    }

    /** Returns the number of tasks that wait. */
    int waiting() {
        return tasks.size();
    }

    @Override
    public boolean inLoop() {
        Runnable during = duringInLoop;
        duringInLoop = () -> {};
        during.run();
        return inLoop;
    }

    @Override
    public void execute(Runnable task) {
        if (refuses) {
            Runnable during = duringRefusal;
            duringRefusal = () -> {};
            during.run();
            throw new RejectedExecutionException("the loop has ended");
        }
        tasks.add(task);
    }

    @Override
    public boolean mayTakeLong() {
        if (refusesAlarms) {
            throw new OutOfMemoryError("no alarm");
        }
        return false;
    }

    @Override
    public IoContext context() {
        Runnable during = duringContext;
        duringContext = () -> {};
        during.run();
        return context;
    }

    @Override
    public void context(IoContext context) {
        this.context = context;
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
