package io.github.futuresockets.impl;

import io.github.futuresockets.spi.IoContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where futures are completed, and when: the loops of an {@link Engine}, its executor, its clock. As a context it is that of
 * futures that belong to no connection.
 */
class LoopContext implements IoContext {
    /** The JDK's choice: the common pool, or a thread for each task where that pool has no two threads. */
    static final Executor ASYNC = new CompletableFuture<Void>().defaultExecutor();

    private final List<? extends Loop> loops;
    private final @Nullable Completions elsewhere;
    private final Clock clock;

    /** The threads that run a completion now outside the loops: none of them must wait for the end of all completions. */
    private final Set<Thread> completing = ConcurrentHashMap.newKeySet();

    LoopContext(List<? extends Loop> loops, @Nullable Executor executor, Clock clock) {
        this.loops = loops;
        this.elsewhere = executor == null ? null : new Completions(executor, this::runMarked);
        this.clock = clock;
        loops.forEach(each -> each.context(new OnLoop(each)));
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
        return onIoThread() || completing.contains(Thread.currentThread());
    }

    private void runMarked(Runnable completion) {
        boolean outermost = completing.add(Thread.currentThread());
        try {
            completion.run();
        } finally {
            if (outermost) {
                completing.remove(Thread.currentThread());
            }
        }
    }

    /** Runs a task on a loop, later. A loop that has no thread of its own borrows that of the alarm. */
    final Future<?> alarm(Runnable task, long nanos, Loop loop) {
        Runnable ring = () -> loop.execute(task);
        return loop.mayTakeLong() ? clock.later(ring, nanos) : clock.schedule(ring, nanos);
    }

    /** Runs what completes futures that belong to no connection, later, whatever holds the I/O threads then. */
    @Override
    public final Future<?> schedule(Runnable task, long nanos) {
        return later(() -> complete(task), nanos);
    }

    /** Runs a task of ours that belongs to no connection, later, whatever holds the I/O threads then. */
    final Future<?> later(Runnable task, long nanos) {
        return clock.later(() -> runMarked(task), nanos);
    }

    @Override
    public final @Nullable LongSupplier simulatedTime() {
        return clock.simulated();
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
        return elsewhere != null ? elsewhere.executor() : ASYNC;
    }

    /** For the futures of connections on one loop: their alarms ring there. */
    private final class OnLoop implements IoContext {
        private final Loop loop;

        OnLoop(Loop loop) {
            this.loop = loop;
        }

        @Override
        public boolean onIoThread() {
            return LoopContext.this.onIoThread();
        }

        @Override
        public Executor defaultExecutor() {
            return LoopContext.this.defaultExecutor();
        }

        @Override
        public Future<?> schedule(Runnable task, long nanos) {
            return alarm(() -> complete(task), nanos, loop);
        }

        @Override
        public @Nullable LongSupplier simulatedTime() {
            return LoopContext.this.simulatedTime();
        }
    }
}
