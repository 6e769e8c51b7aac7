package io.github.futuresockets.loop;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/** The tasks of a loop, from any thread, in their order. */
final class TaskQueue {
    /*
     * `in` and `closed` are guarded by this object's monitor; `out` is the driving thread's. The two change places for each
     * batch, so a task that is added while a batch runs is part of the next one. `some` is written under the monitor and
     * read without: a loop that is about to sleep asks it after it has said so, and whoever adds looks for a sleeping loop
     * after it has been set.
     */
    private ArrayDeque<Runnable> in = new ArrayDeque<>();
    private ArrayDeque<Runnable> out = new ArrayDeque<>();
    private volatile boolean some;
    private boolean closed;

    /** Whether there is nothing to run. On the driving thread. */
    boolean isEmpty() {
        return !some && out.isEmpty();
    }

    /** False if it is closed. */
    synchronized boolean add(Runnable task) {
        if (closed) {
            return false;
        }
        in.add(task);
        some = true;
        return true;
    }

    /** Runs all that are there now. If another thread takes the loop over meanwhile, that one goes on with the rest. */
    void run(Consumer<Runnable> runner) {
        runBatch(runner);
        if (!some) {
            return;
        }
        synchronized (this) {
            ArrayDeque<Runnable> batch = in;
            in = out;
            out = batch;
            some = false;
        }
        runBatch(runner);
    }

    private void runBatch(Consumer<Runnable> runner) {
        for (Runnable task = out.poll(); task != null; task = out.poll()) {
            runner.accept(task);
        }
    }

    /** Takes no more, if nothing is there; otherwise false. */
    synchronized boolean close() {
        closed = in.isEmpty();
        return closed;
    }
}
