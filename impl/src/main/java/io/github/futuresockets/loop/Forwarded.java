package io.github.futuresockets.loop;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The queue of handler calls for any thread of a group. A stand-in adds a call here, because a handler holds the thread
 * of the loop and a stand-in calls no handlers.
 */
final class Forwarded {
    /*
     * A thread adds a call, and then looks for a sleeping thread. A thread announces its sleep, and then looks for
     * calls. So no call is missed. No locks.
     */
    private static final int MOST_IN_A_TURN = 64;

    private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
    private final List<SelectorLoop> loops;
    private final @Nullable HandlerPool pool;

    /** Makes a queue. Without a pool, only the loops' own threads make the calls. */
    Forwarded(List<SelectorLoop> loops, @Nullable HandlerPool pool) {
        this.loops = loops;
        this.pool = pool;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** Adds a call and wakes a free thread. */
    void add(Runnable call) {
        calls.add(call);
        spread();
    }

    /**
     * Wakes a free thread for the queued calls. If no thread is free, the first thread to become free makes the calls.
     */
    void spread() {
        if (calls.isEmpty()) {
            return;
        }
        for (SelectorLoop each : loops) {
            if (each.wakeIdle()) {
                return;
            }
        }
        if (pool != null) {
            spreadTo(pool);
        }
    }

    /** Submits a queued call to the pool. If the pool refuses, the current thread makes all queued calls. */
    private void spreadTo(HandlerPool pool) {
        try {
            pool.execute(() -> run(take()));
        } catch (Throwable refused) {
            for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
                run(call);
            }
        }
    }

    private static void run(@Nullable Runnable call) {
        if (call != null) {
            Caller.guard(call);
        }
    }

    /** Takes a call out, and wakes another thread for the rest, because the call may hold the current thread. */
    private @Nullable Runnable take() {
        Runnable call = calls.poll();
        if (call != null) {
            spread();
        }
        return call;
    }

    /** Makes at most 64 queued calls on a loop's own thread. */
    void run(Caller caller) {
        for (int i = 0; i < MOST_IN_A_TURN; i++) {
            Runnable call = take();
            if (call == null) {
                return;
            }
            caller.call(call);
        }
    }
}
