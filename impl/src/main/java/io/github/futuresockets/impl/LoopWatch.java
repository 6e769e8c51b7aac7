package io.github.futuresockets.impl;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Says so when a callback holds an I/O thread: whoever is served by it waits meanwhile. One for the JVM; its thread also looks
 * for sockets that were collected.
 */
final class LoopWatch {
    /*
     * Guarded by the monitor of the class: who is watched, and the thread that looks at them every second as long as there is
     * any. It gives a task to a loop that it finds outside its poll; the one that it has given and that has not run by the next
     * look has waited for a second. An idle loop is never woken.
     *
     * The fields of one watch belong to that thread, but for `answered` and `thread`, which the task writes.
     */
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);
    private static final List<LoopWatch> ALL = new ArrayList<>();
    private static boolean running;

    private final ChannelLoop loop;
    private volatile @Nullable Thread thread;
    private volatile boolean answered = true;
    private boolean told;

    private LoopWatch(ChannelLoop loop) {
        this.loop = loop;
    }

    static synchronized void watch(List<? extends ChannelLoop> loops) {
        if (!running) {
            Thread watching = new Thread(null, LoopWatch::look, "futuresockets-watch", 0, false);
            watching.setDaemon(true);
            watching.start();
            running = true;
        }
        loops.forEach(each -> ALL.add(new LoopWatch(each)));
    }

    static synchronized void unwatch(ChannelLoop loop) {
        ALL.removeIf(each -> each.loop == loop);
    }

    private static void look() {
        while (true) {
            LockSupport.parkNanos(PERIOD);
            List<LoopWatch> watched;
            synchronized (LoopWatch.class) {
                running = !ALL.isEmpty();
                if (!running) {
                    return;
                }
                watched = new ArrayList<>(ALL);
            }
            watched.forEach(each -> ChannelLoop.guard(each::check));
            ChannelLoop.guard(Handle::closeCollected);
        }
    }

    private void check() {
        Thread held = thread;
        if (answered) {
            told = false;
            if (held == null || !isPolling(held.getStackTrace())) {
                answered = false;
                loop.execute(() -> {
                    thread = Thread.currentThread();
                    answered = true;
                });
            }
        } else if (!told && held != null) {
            StackTraceElement[] stack = held.getStackTrace();
            if (!answered) {
                told = true;
                Throwable where = new Throwable("where it is now");
                where.setStackTrace(stack);
                Log.log(Level.WARNING, held.getName() + " is held by a callback for more than a second", where);
            }
        }
    }

    /** Native polls of the JDK, whatever the system calls them. */
    private static boolean isPolling(StackTraceElement[] stack) {
        return stack.length > 0
                && stack[0].isNativeMethod()
                && stack[0].getClassName().startsWith("sun.nio.ch.");
    }
}
