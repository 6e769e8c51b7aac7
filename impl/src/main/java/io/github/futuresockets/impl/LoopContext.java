package io.github.futuresockets.impl;

import io.github.futuresockets.spi.IoContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Where futures are completed, and when: the loops of an {@link Engine}, its executor, its clock. */
class LoopContext implements IoContext {
    private final List<? extends Loop> loops;
    private final @Nullable Completions elsewhere;
    private final Clock clock;
    private final AtomicInteger turn = new AtomicInteger();

    LoopContext(List<? extends Loop> loops, @Nullable Executor executor, Clock clock) {
        this.loops = loops;
        this.elsewhere = executor == null ? null : new Completions(executor);
        this.clock = clock;
    }

    final List<? extends Loop> loops() {
        return loops;
    }

    final Clock clock() {
        return clock;
    }

    /** Whether completions are tasks of an executor of the user's. */
    final boolean completesElsewhere() {
        return elsewhere != null;
    }

    /** Runs what completes futures, once, where the user wants that. */
    final void complete(Runnable completion) {
        if (elsewhere == null) {
            completion.run();
        } else {
            elsewhere.run(completion);
        }
    }

    /** Whether the executor is known to have lost the completions that it has not run. */
    final boolean hasLostCompletions() {
        return elsewhere != null && elsewhere.isTerminated();
    }

    /** Runs here what an executor that is shut down may have lost. */
    final void takeOverCompletions() {
        if (elsewhere != null) {
            elsewhere.takeOver();
        }
    }

    /** Whether the caller is called by a completion: on an I/O thread, or in a task of the executor. */
    final boolean inCompletion() {
        return onIoThread() || elsewhere != null && elsewhere.isRunning(Thread.currentThread());
    }

    /** Runs a task on a loop, later. */
    final Future<?> alarm(Runnable task, long nanos, Loop loop) {
        return clock.schedule(() -> loop.execute(task), nanos);
    }

    @Override
    public final Future<?> schedule(Runnable task, long nanos) {
        if (clock.isShutdown()) {
            return CompletableFuture.runAsync(task, CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS));
        }
        return alarm(() -> complete(task), nanos, anyLoop());
    }

    /** Runs a task of ours on some loop, later. */
    final Future<?> later(Runnable task, long nanos) {
        return alarm(task, nanos, anyLoop());
    }

    private Loop anyLoop() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    /** The loop that calls; null if none does. */
    final @Nullable Loop currentLoop() {
        for (Loop each : loops) {
            if (each.inLoop()) {
                return each;
            }
        }
        return null;
    }

    @Override
    public final boolean onIoThread() {
        return currentLoop() != null;
    }

    @Override
    public final Executor defaultExecutor() {
        return elsewhere != null ? elsewhere.executor() : ForkJoinPool.commonPool();
    }
}
