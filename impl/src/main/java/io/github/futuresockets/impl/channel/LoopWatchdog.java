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
 * Logs a warning when a callback holds an I/O thread for more than one second, since all connections of that thread wait
 * meanwhile. There is one watch for the JVM; its thread also looks for sockets that were collected.
 */
public final class LoopWatchdog {
    /*
     * Guarded by the monitor of the class: the loops that are watched, and whether the thread runs that looks at them every
     * PERIOD as long as there is any.
     *
     * A loop counts what enters its thread from outside: each callback of a channel, each task. Where the count has changed
     * since the last look, the watch gives the loop a probe: a task that is not counted. The thread runs the probe when it
     * has returned from what has entered it. So a thread is held if the count stays the same, and the probe unanswered. The
     * count is read before the answer: a probe that is unanswered then is behind the entry that was counted. Many short
     * callbacks in one turn change the count and are no hold. An idle loop, whose count does not change, is never woken.
     *
     * No time is read on the I/O threads. A look counts LONGEST_STEP at most, so that a pause of the whole JVM between two
     * looks is not taken for a hold.
     *
     * The fields of one watch belong to the watching thread, but for `answered`, which the probe sets.
     */
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_STEP = 3 * PERIOD;
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(1);
    private static final List<LoopWatchdog> ALL = new ArrayList<>();
    private static boolean running;

    private final ChannelLoop loop;
    private volatile boolean answered = true;
    private int seen;
    private long held;

    private LoopWatchdog(ChannelLoop loop) {
        this.loop = loop;
    }

    /**
     * Watches loops until they end.
     *
     * @param sweep what the watching thread runs with each look
     */
    public static synchronized void watch(List<? extends ChannelLoop> loops, Runnable sweep) {
        if (!running) {
            // The next sockets try again if no thread can be had: these work without a watch.
            Threads.guard(() -> {
                Threads.daemon(() -> look(sweep), "futuresockets-watch").start();
                running = true;
            });
        }
        loops.forEach(each -> ALL.add(new LoopWatchdog(each)));
    }

    static synchronized void unwatch(ChannelLoop loop) {
        ALL.removeIf(each -> each.loop == loop);
    }

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

    private void probe() {
        answered = false;
        try {
            loop.submit(() -> answered = true);
        } catch (RejectedExecutionException ended) {
            answered = true;
        }
    }

    private void tell() {
        Thread thread = loop.thread();
        Throwable where = new Throwable("where it is now");
        where.setStackTrace(thread.getStackTrace());
        if (!answered && loop.entries() == seen) {
            Log.log(Level.WARNING, thread.getName() + " is held by a callback for more than a second", where);
        }
    }
}
