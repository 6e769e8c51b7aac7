package io.github.futuresockets.impl.common;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Runs completions of futures as tasks of a user's executor. Thread-safe. */
public final class Completions {
    /*
     * Each task runs once, either in the executor or here. A task runs here if the executor refuses the task or is shut
     * down. An executor may drop queued tasks at its shutdown without a report (shutdownNow). Therefore each task is in
     * `waiting` from before its submission until its run. Any thread that finds the executor shut down may run the
     * waiting tasks.
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

    /** True after the first refusal was logged. */
    private final AtomicBoolean told = new AtomicBoolean();

    /** Creates an object for an executor. The thread that runs a task passes the completion to {@code runner}. */
    public Completions(Executor executor, Consumer<Runnable> runner) {
        this.executor = executor;
        this.runner = runner;
    }

    /** Returns the user's executor. */
    public Executor executor() {
        return executor;
    }

    /**
     * Submits a completion. If the executor refuses, runs the completion on the current thread, because no completion
     * may be lost.
     */
    public void run(Runnable completion) {
        Task task = new Task(completion);
        waiting.add(task);
        try {
            executor.execute(task);
        } catch (Throwable refused) {
            Threads.guard(() -> refused(refused));
            task.run();
        }
    }

    /** Logs the first refusal, and runs the waiting completions if the executor has terminated. */
    private void refused(Throwable cause) {
        if (told.compareAndSet(false, true)) {
            Log.log(Level.WARNING, "the executor " + executor + " refuses completions; I/O threads run them", cause);
        }
        if (isTerminated()) {
            takeOver();
        }
    }

    /** Returns true if the executor has terminated, and runs no further task. */
    public boolean isTerminated() {
        return executor instanceof ExecutorService service && service.isTerminated();
    }

    /** Runs the waiting completions on the current thread if the executor is shut down. */
    public void takeOver() {
        if (executor instanceof ExecutorService service && service.isShutdown()) {
            for (Task each : waiting) {
                Threads.guard(each);
            }
        }
    }
}
