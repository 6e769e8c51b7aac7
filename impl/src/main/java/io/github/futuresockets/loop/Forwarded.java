package io.github.futuresockets.loop;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Calls of handlers that wait for a thread of the group, any one: the threads that would have made them are held. */
final class Forwarded {
    /*
     * Whoever adds a call looks for a sleeping thread behind that, and a thread that is about to sleep looks for calls.
     */
    private static final int MOST_IN_A_TURN = 64;

    private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
    private final List<SelectorLoop> loops;
    private final @Nullable HandlerPool pool;

    /** Without a pool the loops' own threads make all calls. */
    Forwarded(List<SelectorLoop> loops, @Nullable HandlerPool pool) {
        this.loops = loops;
        this.pool = pool;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    void add(Runnable call) {
        calls.add(call);
        spread();
    }

    /** Has a thread that is free make the calls that wait. Without one, the first that becomes free makes them. */
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

    /** If the pool refuses, the current thread makes the calls. */
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

    /** Takes one out. It may hold the current thread, so the rest is for others. */
    private @Nullable Runnable take() {
        Runnable call = calls.poll();
        if (call != null) {
            spread();
        }
        return call;
    }

    /** Makes calls on the own thread of a loop. */
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
