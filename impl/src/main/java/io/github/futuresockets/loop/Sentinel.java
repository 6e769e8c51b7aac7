package io.github.futuresockets.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Looks now and then, as long as handlers are called in a group, whether one of them holds its thread. */
final class Sentinel implements Runnable {
    /*
     * `watching` is true while a thread runs this. The thread clears it when no handler has run for a while, and then looks a last
     * time; a loop's thread looks at it behind the step that lends the loop. So a handler always has a sentinel.
     */
    private static final long INTERVAL = 2_000_000;
    private static final long PAUSE_AFTER_FAILURE = 100_000_000;

    /** The sentinel goes when so many inspections in a row have met no handler. */
    private static final int QUIET = 4;

    private static final VarHandle WATCHING;

    static {
        try {
            WATCHING = MethodHandles.lookup().findVarHandle(Sentinel.class, "watching", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final List<SelectorLoop> loops;
    private volatile boolean watching;
    private volatile boolean paused;
    private volatile long pausedSince;

    /** Watches loops that have a {@link Lead}. */
    Sentinel(List<SelectorLoop> loops) {
        this.loops = loops;
    }

    /** Has a thread watch, unless one does. */
    void watch() {
        if (!watching && !isPaused() && WATCHING.compareAndSet(this, false, true) && !Helpers.execute(this)) {
            pausedSince = System.nanoTime();
            paused = true;
            watching = false;
        }
    }

    /** No thread could be had a moment ago. */
    private boolean isPaused() {
        if (paused && System.nanoTime() - pausedSince > PAUSE_AFTER_FAILURE) {
            paused = false;
        }
        return paused;
    }

    @Override
    public void run() {
        int quiet = 0;
        do {
            while (quiet < QUIET) {
                LockSupport.parkNanos(this, INTERVAL);
                quiet = inspect() ? 0 : quiet + 1;
            }
            quiet = 0;
            watching = false;
        } while (!isQuiet() && WATCHING.compareAndSet(this, false, true));
    }

    private boolean isQuiet() {
        for (SelectorLoop each : loops) {
            if (each.isLent()) {
                return false;
            }
        }
        return true;
    }

    private boolean inspect() {
        boolean busy = false;
        for (SelectorLoop each : loops) {
            busy |= each.inspect();
        }
        return busy;
    }
}
