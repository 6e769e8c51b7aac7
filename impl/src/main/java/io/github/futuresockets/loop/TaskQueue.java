package io.github.futuresockets.loop;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/** The tasks of a loop, in the order of submission. Any thread adds tasks. */
final class TaskQueue {
    /*
     * `in` and `out` are swapped for each batch, so a task that is added while a batch runs belongs to the next batch.
     *
     * A loop announces its sleep, and then reads `some`. A thread sets `some`, and then looks for a sleeping loop. So
     * no task is missed. The lock is a leaf.
     */
    // guarded by this
    private ArrayDeque<Runnable> in = new ArrayDeque<>();
    private boolean closed;

    // written under this, read by any thread
    private volatile boolean some;

    // the driving thread alone
    private ArrayDeque<Runnable> out = new ArrayDeque<>();

    /** Returns true if there is no task. By the driving thread. */
    boolean isEmpty() {
        return !some && out.isEmpty();
    }

    /** Adds a task. Returns false if the queue is closed. */
    synchronized boolean add(Runnable task) {
        if (closed) {
            return false;
        }
        in.add(task);
        some = true;
        return true;
    }

    /** Runs the current tasks. If another thread takes the loop meanwhile, the other thread runs the rest. */
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

    /** Closes the queue and returns true if the queue is empty. Returns false otherwise. */
    synchronized boolean close() {
        closed = in.isEmpty();
        return closed;
    }
}
