package io.github.futuresockets.loop;

import java.lang.System.Logger.Level;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The provider's own threads: stand-ins and sentinels, for all groups. A stand-in calls no handlers unless the pool
 * refuses.
 */
final class Helpers {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), Helpers::thread);

    private Helpers() {}

    /** Runs a task on a helper thread. Returns false and logs a warning if no thread can be started. */
    static boolean execute(Runnable task) {
        try {
            THREADS.execute(task);
            return true;
        } catch (Throwable e) {
            Log.log(Level.WARNING, "no thread can be had to stand in for one that a handler holds", e);
            return false;
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = DefaultGroup.daemon(task, "futuresockets-helper-" + NUMBER.incrementAndGet());
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }
}
