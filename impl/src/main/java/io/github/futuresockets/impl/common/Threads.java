package io.github.futuresockets.impl.common;

import java.lang.System.Logger.Level;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes the library's own threads, and guards them against failures.
 *
 * <p>A new thread inherits nothing from its creator. A thread inherits no context class loader, no access control
 * context (up to JDK 23), no thread group, no priority and no inheritable thread locals. Therefore the thread keeps no
 * application in memory after the application was unloaded.
 */
public final class Threads {
    /**
     * The default executor of the JDK for asynchronous stages. The executor is the common pool, or a thread for each
     * task if the pool has fewer than two threads.
     */
    public static final Executor ASYNC = new CompletableFuture<Void>().defaultExecutor();

    private Threads() {}

    /** Makes a daemon thread that is not started. */
    @SuppressWarnings("removal")
    public static Thread daemon(Runnable task, String name) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
            Thread thread = new Thread(topGroup(), task, name, 0, false);
            thread.setDaemon(true);
            thread.setPriority(Thread.NORM_PRIORITY);
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            return thread;
        });
    }

    private static ThreadGroup topGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = group.getParent(); parent != null; parent = group.getParent()) {
            group = parent;
        }
        return group;
    }

    /** Returns a factory of daemon threads with the given name. */
    public static ThreadFactory daemons(String name) {
        return task -> daemon(task, name);
    }

    /** Lets the threads of a pool end after a few seconds without a task. */
    static void idle(ThreadPoolExecutor pool) {
        pool.setKeepAliveTime(5, TimeUnit.SECONDS);
        pool.allowCoreThreadTimeOut(true);
    }

    /** Runs a task. Because a failure is a defect of this library, the failure is logged and the thread continues. */
    public static void guard(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            Log.log(Level.ERROR, "An I/O task failed; please report this", e);
        }
    }
}
