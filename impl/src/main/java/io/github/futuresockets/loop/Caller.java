package io.github.futuresockets.loop;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Calls handlers on a loop's own thread. */
final class Caller {
    /** The caller of the current thread, if its loop has a {@link Lead}. */
    private static final ThreadLocal<Caller> HERE = new ThreadLocal<>();
    /** The largest number of handlers on the stack of a thread. */
    private static final int MAX_DEPTH = 16;

    private final LoopChannelGroup group;
    private final @Nullable Lead lead;

    // the loop's own thread alone
    /** The number of handlers on the stack. */
    private int depth;

    Caller(LoopChannelGroup group, @Nullable Lead lead) {
        this.group = group;
        this.lead = lead;
    }

    /** Registers the current thread as the loop's own thread. Only called for a loop with a {@link Lead}. */
    void begin() {
        HERE.set(this);
    }

    /** Ends the registration of the current thread. */
    void end() {
        HERE.remove();
    }

    /**
     * Returns the caller of the current thread if the thread is a registered thread of the group, and null otherwise.
     */
    static @Nullable Caller here(LoopChannelGroup group) {
        Caller here = HERE.get();
        return here != null && here.group == group ? here : null;
    }

    /** Called before the current thread waits. If the thread is a loop's own thread, a stand-in takes the loop. */
    static void waiting() {
        Caller here = HERE.get();
        if (here != null && here.lead != null) {
            here.lead.replace();
        }
    }

    /** Returns true if the stack has room for one more handler. */
    boolean mayCall() {
        return depth < MAX_DEPTH;
    }

    /** Runs code of the user. Meanwhile a stand-in can take the loop. */
    void call(Runnable handler) {
        boolean lent = lead != null && lead.lend();
        depth++;
        try {
            guard(handler);
        } finally {
            depth--;
            if (lent) {
                lead.regain();
            }
        }
    }

    /** Runs a task. Passes an exception of the task to the handler of uncaught exceptions of the current thread. */
    static void guard(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            uncaught(e);
        }
    }

    /** Calls the handler of uncaught exceptions of the current thread. Never throws. */
    static void uncaught(Throwable e) {
        Thread current = Thread.currentThread();
        try {
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        } catch (Throwable again) {
            Log.log(Level.ERROR, "a handler of uncaught exceptions failed", again);
        }
    }
}
