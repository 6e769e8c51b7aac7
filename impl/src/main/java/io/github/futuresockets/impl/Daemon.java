package io.github.futuresockets.impl;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Threads of the library's own, which may outlive the code that first needs them. Such a thread inherits nothing of the thread
 * that makes it: no context class loader, no access control context (up to JDK 23), no thread group, no priority, no
 * inheritable thread locals. An application that is unloaded is therefore not kept in memory.
 */
final class Daemon {
    private Daemon() {}

    /** Makes a daemon thread that is not started. */
    @SuppressWarnings("removal")
    static Thread thread(Runnable task, String name) {
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
}
