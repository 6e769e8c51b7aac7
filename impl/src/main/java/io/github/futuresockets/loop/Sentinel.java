package io.github.futuresockets.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The periodic check of a group for handlers that hold a loop's thread. Runs only while handlers are called. */
final class Sentinel implements Runnable {
    /*
     * `watching` is true while a thread runs this object. If no handler has run for a while, the thread clears
     * `watching`, and then checks the loops a last time. A loop's thread releases the loop, and then reads `watching`.
     * So no handler runs without a sentinel, except while no thread can be started (`paused`).
     */
    private static final long INTERVAL = 2_000_000;
    private static final long PAUSE_AFTER_FAILURE = 100_000_000;

    /** The number of inspections in a row without a handler, after which the sentinel ends. */
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

    // any thread
    private volatile boolean watching;
    private volatile boolean paused;
    private volatile long pausedSince;

    /** Makes a sentinel of loops that have a {@link Lead}. */
    Sentinel(List<SelectorLoop> loops) {
        this.loops = loops;
    }

    /** Starts a thread that runs this object, unless a thread does already. */
    void watch() {
        if (!watching && !isPaused() && WATCHING.compareAndSet(this, false, true) && !Helpers.execute(this)) {
            pausedSince = System.nanoTime();
            paused = true;
            watching = false;
        }
    }

    /** Returns true for 100 ms after no thread could be started. */
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
