package io.github.futuresockets.loop;

import java.util.concurrent.ExecutorService;

/** The executor of a group, which calls the handlers. */
final class HandlerPool {
    /*
     * A handler that starts the next operation mostly finds that one possible at once: a write has room, and the peer's next bytes
     * are there. The handler of that one is called by the thread that is in the group already, up to a depth, so a
     * conversation costs one task for many operations rather than one for each.
     */
    private static final int MAX_DEPTH = 16;

    private final ExecutorService executor;

    /** The task that the current thread runs, if it is one of this pool. */
    private final ThreadLocal<Call> current = new ThreadLocal<>();

    HandlerPool(ExecutorService executor) {
        this.executor = executor;
    }

    ExecutorService executor() {
        return executor;
    }

    /** Calls handlers: the first, and those of operations that handlers within start and that end at once. One thread's. */
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

    /** Calls a handler if the current thread calls handlers of this pool, and few are on its stack; otherwise returns false. */
    boolean callHere(Runnable completion) {
        Call here = current.get();
        boolean may = here != null && here.depth < MAX_DEPTH;
        if (may) {
            here.runWithin(completion);
        }
        return may;
    }

    /** Has a task of the executor call handlers; throws if the executor refuses. */
    void execute(Runnable calls) {
        executor.execute(new Call(calls));
    }

    /** Has a task of the executor call a handler; if the executor refuses, that loop, or the current thread once it has ended. */
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
