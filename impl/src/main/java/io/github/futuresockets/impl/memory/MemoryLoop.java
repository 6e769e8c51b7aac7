package io.github.futuresockets.impl.memory;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.transport.BufferPool;
import io.github.futuresockets.impl.transport.IoLoop;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A loop without a thread of its own. The thread that gives a task to an idle loop runs the task, and all tasks that
 * are given meanwhile.
 */
public final class MemoryLoop implements IoLoop {
    /*
     * Guarded by this: `tasks`, and each write of `runner`. A thread may read `runner` without the lock, because only
     * the thread itself sets `runner` to itself. While there is a runner, other threads leave their tasks to the
     * runner.
     *
     * Invariant: one task runs at a time, in the order in which the tasks were given.
     */
    /** The number of stack frames that make a stack deep. */
    private static final int DEEP = 512;

    // Guarded by this.
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private volatile @Nullable Thread runner;

    private final BufferPool chunks;

    // Set before the first connection.
    private @Nullable IoContext context;

    public MemoryLoop(Supplies.Memory memory) {
        chunks = new BufferPool(this, memory);
    }

    @Override
    public boolean inLoop() {
        return runner == Thread.currentThread();
    }

    @Override
    public boolean mayTakeLong() {
        return true;
    }

    @Override
    public IoContext context() {
        return Objects.requireNonNull(context);
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
    public void execute(Runnable task) {
        synchronized (this) {
            tasks.add(task);
            if (runner != null) {
                return;
            }
            runner = Thread.currentThread();
        }
        for (Runnable next = next(); next != null; next = next()) {
            Threads.guard(next);
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = tasks.poll();
        if (next == null) {
            runner = null;
        }
        return next;
    }

    /**
     * Runs a task as {@link #execute} does. If the stack of the caller is deep, the task runs on another stack instead.
     *
     * @return false if the stack of the caller is deep
     */
    @Override
    public boolean defer(Runnable task) {
        boolean deep = !inLoop()
                && StackWalker.getInstance()
                        .walk(frames -> frames.skip(DEEP).findAny().isPresent());
        if (!deep || !begin(task)) {
            execute(task);
        }
        return !deep;
    }

    /** Runs the task on the stack of another thread. Returns false if there is no such thread. */
    private boolean begin(Runnable task) {
        try {
            Threads.ASYNC.execute(() -> execute(task));
            return true;
        } catch (Throwable noThread) {
            Log.log(Level.DEBUG, "a deep recursion goes on where it is", noThread);
            return false;
        }
    }

    @Override
    public void shutdown() {}

    @Override
    public void awaitTermination() {}
}
