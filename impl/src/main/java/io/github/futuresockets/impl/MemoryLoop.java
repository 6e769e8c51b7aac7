package io.github.futuresockets.impl;

import io.github.futuresockets.spi.IoContext;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A loop without a thread of its own: whoever gives it a task runs it, and what comes up meanwhile. */
final class MemoryLoop implements Loop {
    /*
     * Guarded by this object's monitor; `runner` may be read without it, since only its own thread sets it to itself. While
     * there is a runner others leave their tasks to it. So one task runs at a time, in the order in which they were given.
     */
    private static final int DEEP = 512;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private volatile @Nullable Thread runner;
    private final Chunks chunks;
    private @Nullable IoContext context;

    MemoryLoop(Supplies.Memory memory) {
        chunks = new Chunks(this, memory);
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
    public Chunks chunks() {
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
            ChannelLoop.guard(next);
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = tasks.poll();
        if (next == null) {
            runner = null;
        }
        return next;
    }

    /** A recursion that has filled much of its stack goes on on another one; all else need not wait. */
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

    /** On another stack; false if there is no thread for that. */
    private boolean begin(Runnable task) {
        try {
            LoopContext.ASYNC.execute(() -> execute(task));
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
