package io.github.futuresockets;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The I/O threads of the shared sockets. They outlive the code that first needs them, and therefore inherit nothing of its
 * thread: no context class loader, no access control context (up to JDK 23), no thread group, no priority, no inheritable
 * thread locals.
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

    private static ThreadGroup topGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = group.getParent(); parent != null; parent = group.getParent()) {
            group = parent;
        }
        return group;
    }
}
