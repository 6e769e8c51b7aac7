package io.github.futuresockets;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The factory of the I/O threads of {@link SharedSockets}. Because the threads outlive the code that first uses the
 * shared sockets, the threads inherit nothing from the thread of the first use:
 *
 * <ul>
 *   <li>no context class loader
 *   <li>no access control context (up to JDK 23)
 *   <li>no thread group
 *   <li>no priority
 *   <li>no inheritable thread locals
 * </ul>
 *
 * <p>Thread-safe.
 */
final class SharedThreads implements ThreadFactory {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    @SuppressWarnings("removal")
    public Thread newThread(Runnable task) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
            Thread thread = new Thread(topGroup(), task, "futuresockets-shared-" + count.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setPriority(Thread.NORM_PRIORITY);
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            return thread;
        });
    }

    /** Returns the root of the thread groups. */
    private static ThreadGroup topGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = group.getParent(); parent != null; parent = group.getParent()) {
            group = parent;
        }
        return group;
    }
}
