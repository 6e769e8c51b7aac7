package io.github.futuresockets.loop;

import java.io.IOException;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The default group, for channels that are opened without a group. The system properties of
 * {@link java.nio.channels.AsynchronousChannelGroup} configure the group.
 */
final class DefaultGroup {
    private static final String FACTORY = "java.nio.channels.DefaultThreadPool.threadFactory";
    private static final String INITIAL_SIZE = "java.nio.channels.DefaultThreadPool.initialSize";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    // guarded by the class
    private static @Nullable LoopChannelGroup group;

    private DefaultGroup() {}

    /**
     * Returns the default group. The group ends with the JVM. Its threads are daemons, unless a configured factory
     * makes them.
     */
    static synchronized LoopChannelGroup of(LoopChannelProvider provider) throws IOException {
        if (group == null) {
            group = provider.openAsynchronousChannelGroup(Executors.newCachedThreadPool(factory()), initialSize());
        }
        return group;
    }

    private static ThreadFactory factory() {
        String name = System.getProperty(FACTORY);
        if (name == null) {
            return task -> daemon(task, "futuresockets-handler-" + NUMBER.incrementAndGet());
        }
        try {
            return (ThreadFactory) Class.forName(name, true, ClassLoader.getSystemClassLoader())
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new Error(FACTORY + "=" + name + " cannot be used", e);
        }
    }

    private static int initialSize() {
        String size = System.getProperty(INITIAL_SIZE);
        try {
            return size == null ? -1 : Integer.parseInt(size);
        } catch (NumberFormatException e) {
            throw new Error(INITIAL_SIZE + "=" + size + " is not a number", e);
        }
    }

    /** Returns a daemon thread that polls for a group whose handlers run in an executor. */
    static Thread pollingThread(Runnable task) {
        return daemon(task, "futuresockets-loop-" + NUMBER.incrementAndGet());
    }

    /**
     * Returns a daemon thread that inherits no thread group, priority, class loader or inheritable thread-locals of the
     * caller. Because the threads of the default group never end, and any code can be the first to need the group.
     */
    @SuppressWarnings("removal")
    static Thread daemon(Runnable task, String name) {
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
