package io.github.futuresockets.impl.channel;

import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.common.Threads;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The watchdog for the I/O threads of the JVM. Logs a warning if a callback holds an I/O thread for more than a second,
 * because all connections of the thread wait meanwhile. The watchdog thread also runs a sweep for collected sockets.
 *
 * <p><b>Concurrency.</b> The static methods are thread-safe.
 */
public final class LoopWatchdog {
    /*
     * The watchdog thread inspects each watched loop every PERIOD, and ends when no loop is watched.
     *
     * Entries: a loop counts its entries. An entry is a callback of a channel, or a task. The watchdog submits a probe
     * if the count has changed since the last inspection and the last probe was answered. A probe is a task that is not
     * counted. The I/O thread runs the probe after the current entry has returned.
     *
     * Hold: an I/O thread is held while the count stays the same and the probe is unanswered. Each hold is
     * logged at most once.
     * - Many short callbacks between two inspections change the count, and are no hold.
     * - The count of an idle loop does not change. Therefore an idle loop gets no probe, and its thread is not woken.
     * - The count is read before `answered`. Therefore an unanswered probe was unanswered at the time of the count, and
     *   the I/O thread was still in the counted entry.
     *
     * Time: the I/O threads read no clock. An inspection adds at most LONGEST_STEP to the time of a hold. Therefore a
     * pause of the whole JVM between two inspections does not count as a hold.
     */
    /** The time between two inspections, in nanoseconds. */
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(100);

    /** The longest time that a single inspection counts, in nanoseconds. */
    private static final long LONGEST_STEP = 3 * PERIOD;

    /** The time of a hold after which a warning is logged, in nanoseconds. */
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(1);

    // guarded by the monitor of the class
    /** The watched loops of all engines. */
    private static final List<LoopWatchdog> ALL = new ArrayList<>();

    /** True while the watchdog thread runs. */
    private static boolean running;

    private final ChannelLoop loop;

    // cleared by the watchdog thread, set by the I/O thread
    /** True if the I/O thread has run the last probe. */
    private volatile boolean answered = true;

    // the watchdog thread's alone
    /** The count of entries at the last inspection. */
    private int seen;

    /** The time of the current hold so far, in nanoseconds. */
    private long held;

    private LoopWatchdog(ChannelLoop loop) {
        this.loop = loop;
    }

    /**
     * Watches loops until their shutdown. Starts the watchdog thread if the thread is not running.
     *
     * @param loops the loops of an engine
     * @param sweep the task of the watchdog thread after each inspection. Ignored if the watchdog thread already runs
     */
    public static synchronized void watch(List<? extends ChannelLoop> loops, Runnable sweep) {
        if (!running) {
            // If no thread can be started, the failure is logged, and the loops work without a watchdog. The next call
            // tries again.
            Threads.guard(() -> {
                Threads.daemon(() -> look(sweep), "futuresockets-watch").start();
                running = true;
            });
        }
        loops.forEach(each -> ALL.add(new LoopWatchdog(each)));
    }

    /** Stops the watch of a loop. Has no effect if the loop is not watched. */
    static synchronized void unwatch(ChannelLoop loop) {
        ALL.removeIf(each -> each.loop == loop);
    }

    /** Inspects all loops every PERIOD, until no loop is watched. Runs on the watchdog thread. */
    private static void look(Runnable sweep) {
        long last = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(PERIOD);
            List<LoopWatchdog> watched;
            synchronized (LoopWatchdog.class) {
                running = !ALL.isEmpty();
                if (!running) {
                    return;
                }
                watched = new ArrayList<>(ALL);
            }
            long now = System.nanoTime();
            long step = Math.min(now - last, LONGEST_STEP);
            last = now;
            watched.forEach(each -> Threads.guard(() -> each.check(step)));
            Threads.guard(sweep);
        }
    }

    /** Inspects the loop. {@code step} is the time since the last inspection, at most LONGEST_STEP. */
    private void check(long step) {
        int entries = loop.entries();
        if (answered) {
            if (entries != seen) {
                probe();
            }
            held = 0;
        } else if (entries != seen) {
            held = 0;
        } else if (held < LIMIT) {
            held += step;
            if (held >= LIMIT) {
                tell();
            }
        }
        seen = entries;
    }

    /** Submits a probe. If the I/O thread has ended, the probe counts as answered. */
    private void probe() {
        answered = false;
        try {
            loop.submit(() -> answered = true);
        } catch (RejectedExecutionException ended) {
            answered = true;
        }
    }

    /** Logs the hold with the stack of the I/O thread, unless the hold has ended meanwhile. */
    private void tell() {
        Thread thread = loop.thread();
        Throwable where = new Throwable("where it is now");
        where.setStackTrace(thread.getStackTrace());
        if (!answered && loop.entries() == seen) {
            Log.log(Level.WARNING, thread.getName() + " is held by a callback for more than a second", where);
        }
    }
}
