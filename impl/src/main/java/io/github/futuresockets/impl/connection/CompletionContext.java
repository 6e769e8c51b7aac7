package io.github.futuresockets.impl.connection;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Completions;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.transport.IoLoop;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads and the clock that complete futures: the loops, the user's executor, and the clock of an engine. As an
 * {@link IoContext} the context of futures that belong to no connection.
 */
public class CompletionContext implements IoContext {
    private final List<? extends IoLoop> loops;
    private final @Nullable Completions elsewhere;
    private final Clock clock;

    // a concurrent set: any thread
    /**
     * The threads outside the loops that are running a completion. None of these may wait for the end of all
     * completions.
     */
    private final Set<Thread> completing = ConcurrentHashMap.newKeySet();

    /**
     * Makes a context and gives each loop the context of its connections. A null executor means to complete directly.
     */
    public CompletionContext(List<? extends IoLoop> loops, @Nullable Executor executor, Clock clock) {
        this.loops = loops;
        this.elsewhere = executor == null ? null : new Completions(executor, this::runMarked);
        this.clock = clock;
        loops.forEach(each -> each.context(new OnLoop(each)));
    }

    /** Returns the loops of all connections. */
    public final List<? extends IoLoop> loops() {
        return loops;
    }

    /** Returns the clock of all time-outs. */
    public final Clock clock() {
        return clock;
    }

    /** Returns true if completions are tasks of the user's executor. */
    public final boolean completesElsewhere() {
        return elsewhere != null;
    }

    /** Runs a task that completes futures, once, on the current thread or in the user's executor. */
    public final void complete(Runnable completion) {
        if (elsewhere == null) {
            completion.run();
        } else {
            elsewhere.run(completion);
        }
    }

    /** Returns true if the executor has terminated, so that completions not run by now are lost. */
    public final boolean hasLostCompletions() {
        return elsewhere != null && elsewhere.isTerminated();
    }

    /** Runs on the current thread the completions that an executor after its shutdown may have dropped. */
    public final void takeOverCompletions() {
        if (elsewhere != null) {
            elsewhere.takeOver();
        }
    }

    /** Returns true if the caller runs within a completion: on an I/O thread, or in a task of the executor. */
    public final boolean inCompletion() {
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

    /** Runs a task on a loop after {@code nanos}. A loop without a thread of its own uses the thread of the alarm. */
    public final Future<?> alarm(Runnable task, long nanos, IoLoop loop) {
        Runnable ring = () -> loop.execute(task);
        return loop.mayTakeLong() ? clock.later(ring, nanos) : clock.schedule(ring, nanos);
    }

    /**
     * Runs a completion of futures without a connection after {@code nanos}, even if callbacks hold all I/O threads.
     */
    @Override
    public final Future<?> schedule(Runnable task, long nanos) {
        return later(() -> complete(task), nanos);
    }

    /** Runs an internal task without a connection after {@code nanos}, even if callbacks hold all I/O threads. */
    public final Future<?> later(Runnable task, long nanos) {
        return clock.later(() -> runMarked(task), nanos);
    }

    @Override
    public final @Nullable LongSupplier simulatedTime() {
        return clock.simulated();
    }

    /** Returns the loop of the current thread, or null if the thread is no I/O thread. */
    public final @Nullable IoLoop currentLoop() {
        for (IoLoop each : loops) {
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
        return elsewhere != null ? elsewhere.executor() : Threads.ASYNC;
    }

    /** The context of the futures of all connections on a loop. Alarms of these futures ring on the loop. */
    private final class OnLoop implements IoContext {
        private final IoLoop loop;

        OnLoop(IoLoop loop) {
            this.loop = loop;
        }

        @Override
        public boolean onIoThread() {
            return CompletionContext.this.onIoThread();
        }

        @Override
        public Executor defaultExecutor() {
            return CompletionContext.this.defaultExecutor();
        }

        @Override
        public Future<?> schedule(Runnable task, long nanos) {
            return alarm(() -> complete(task), nanos, loop);
        }

        @Override
        public @Nullable LongSupplier simulatedTime() {
            return CompletionContext.this.simulatedTime();
        }
    }
}
