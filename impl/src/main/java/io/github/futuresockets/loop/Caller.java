package io.github.futuresockets.loop;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Calls handlers on the own thread of a loop. */
final class Caller {
    /** The caller of the current thread, if its loop has a {@link Lead}. */
    private static final ThreadLocal<Caller> HERE = new ThreadLocal<>();
    /** How many handlers may be on the stack of a thread. */
    private static final int MAX_DEPTH = 16;

    private final LoopChannelGroup group;
    private final @Nullable Lead lead;

    /** How many handlers are on the stack: the own thread's. */
    private int depth;

    Caller(LoopChannelGroup group, @Nullable Lead lead) {
        this.group = group;
        this.lead = lead;
    }

    /** The current thread becomes the loop's own. */
    void begin() {
        HERE.set(this);
    }

    void end() {
        HERE.remove();
    }

    /** The caller of the current thread, if the thread is one of the group's; only in a group whose loops have a {@link Lead}. */
    static @Nullable Caller here(LoopChannelGroup group) {
        Caller here = HERE.get();
        return here != null && here.group == group ? here : null;
    }

    /** If the current thread is a loop's own, has another thread drive the loop: this one is about to wait. */
    static void waiting() {
        Caller here = HERE.get();
        if (here != null && here.lead != null) {
            here.lead.replace();
        }
    }

    boolean mayCall() {
        return depth < MAX_DEPTH;
    }

    /** Runs code of the user. */
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

    /** What throws ends nothing else. */
    static void guard(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            uncaught(e);
        }
    }

    static void uncaught(Throwable e) {
        Thread current = Thread.currentThread();
        try {
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        } catch (Throwable again) {
            Log.log(Level.ERROR, "a handler of uncaught exceptions failed", again);
        }
    }
}
