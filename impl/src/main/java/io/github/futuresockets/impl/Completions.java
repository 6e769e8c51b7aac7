package io.github.futuresockets.impl;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The completions of futures that are tasks of the user's executor. */
final class Completions {
    /*
     * Each task runs once: by the executor; or here, if the executor refuses the task or is shut down. An executor that is
     * shut down may have dropped what was queued (shutdownNow), and does not say so. So each task is in `waiting` from before
     * the executor gets it until it runs, and whoever finds the executor shut down may run what is there. Thread-safe.
     */
    private final class Task extends AtomicBoolean implements Runnable {
        private static final long serialVersionUID = 1L;
        private final transient Runnable completion;

        Task(Runnable completion) {
            this.completion = completion;
        }

        @Override
        public void run() {
            if (compareAndSet(false, true)) {
                waiting.remove(this);
                runner.accept(completion);
            }
        }
    }

    private final Executor executor;
    private final Consumer<Runnable> runner;
    private final Set<Task> waiting = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean told = new AtomicBoolean();

    /** The runner gets each completion on the thread that runs the task. */
    Completions(Executor executor, Consumer<Runnable> runner) {
        this.executor = executor;
        this.runner = runner;
    }

    Executor executor() {
        return executor;
    }

    /** Has the executor run it. What the executor refuses is run here, since it must not be lost. */
    void run(Runnable completion) {
        Task task = new Task(completion);
        waiting.add(task);
        try {
            executor.execute(task);
        } catch (Throwable refused) {
            if (told.compareAndSet(false, true)) {
                Log.log(
                        Level.WARNING,
                        "the executor " + executor + " refuses completions; I/O threads run them",
                        refused);
            }
            if (isTerminated()) {
                takeOver();
            }
            task.run();
        }
    }

    /** Whether the executor will not run what it has not run by now. */
    boolean isTerminated() {
        return executor instanceof ExecutorService && ((ExecutorService) executor).isTerminated();
    }

    /** Runs here what has not begun elsewhere, if the executor is shut down. */
    void takeOver() {
        if (executor instanceof ExecutorService && ((ExecutorService) executor).isShutdown()) {
            for (Task each : waiting) {
                ChannelLoop.guard(each);
            }
        }
    }
}
