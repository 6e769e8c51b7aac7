package io.github.futuresockets.loop;

import java.util.concurrent.ExecutorService;

/** The executor of a group. Its tasks call the handlers. */
final class HandlerPool {
    /*
     * In most cases, an operation that a handler starts ends at once. Then the same task calls the handler of the
     * operation, up to a depth of MAX_DEPTH. So many operations of a conversation need a single task of the executor.
     */
    private static final int MAX_DEPTH = 16;

    private final ExecutorService executor;

    /** The task of this pool that the current thread runs, or null. */
    private final ThreadLocal<Call> current = new ThreadLocal<>();

    HandlerPool(ExecutorService executor) {
        this.executor = executor;
    }

    ExecutorService executor() {
        return executor;
    }

    /** A task of the executor. Calls a handler, and the handlers of operations that end at once. One thread's alone. */
    private final class Call implements Runnable {
        private final Runnable first;
        private int depth = 1;

        Call(Runnable first) {
            this.first = first;
        }

        @Override
        public void run() {
            Call outer = current.get();
            current.set(this);
            try {
                first.run();
            } finally {
                if (outer == null) {
                    current.remove();
                } else {
                    current.set(outer);
                }
            }
        }

        void runWithin(Runnable completion) {
            depth++;
            try {
                completion.run();
            } finally {
                depth--;
            }
        }
    }

    /**
     * Calls a handler if the current thread runs a task of this pool and its stack has room. Returns false otherwise.
     */
    boolean callHere(Runnable completion) {
        Call here = current.get();
        boolean may = here != null && here.depth < MAX_DEPTH;
        if (may) {
            here.runWithin(completion);
        }
        return may;
    }

    /** Submits a task that calls handlers. Throws the exception of the executor if the executor refuses the task. */
    void execute(Runnable calls) {
        executor.execute(new Call(calls));
    }

    /**
     * Submits a task that calls a handler. If the executor refuses the task, the given loop calls the handler. If the
     * loop has ended, the current thread does.
     */
    void dispatch(Runnable completion, SelectorLoop otherwise) {
        try {
            execute(completion);
        } catch (Throwable refused) {
            if (!otherwise.post(completion)) {
                completion.run();
            }
        }
    }
}
