package io.github.futuresockets.impl;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A channel group of the JDK's with one thread of its own, which polls and runs the handlers: no hand-off. Nothing may be
 * thrown on it, since the JDK does not replace a thread that dies of a checked exception.
 */
final class Nio2Loop implements Loop {
    private static final Logger LOG = System.getLogger("io.github.futuresockets");

    private final Chunks chunks = new Chunks(this);
    private final AsynchronousChannelGroup group;
    private volatile @Nullable Thread thread;

    Nio2Loop(ThreadFactory factory) throws IOException {
        group = AsynchronousChannelGroup.withFixedThreadPool(
                1,
                task -> Objects.requireNonNull(
                        factory.newThread(() -> {
                            thread = Thread.currentThread();
                            task.run();
                        }),
                        "the thread factory gave no thread"));
        if (!(group instanceof Executor)) {
            group.shutdown();
            throw new IOException("this JDK's channel groups do not run tasks: " + group.getClass());
        }
    }

    /** Opens a channel. */
    interface Opening<C> {
        C open(AsynchronousChannelGroup group) throws IOException;
    }

    /** The JDK leaks the descriptor of a channel that it opens in a group that is shut down. */
    synchronized <C> C open(Opening<C> opening) throws IOException {
        if (group.isShutdown()) {
            throw new java.nio.channels.ShutdownChannelGroupException();
        }
        return opening.open(group);
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public Chunks chunks() {
        return chunks;
    }

    /** When the thread has ended, with all its channels, what is left to do can be done by anyone. */
    @Override
    public void execute(Runnable task) {
        try {
            ((Executor) group).execute(() -> guard(task));
        } catch (RejectedExecutionException ended) {
            guard(task);
        }
    }

    /** Runs what must not throw; if it does, that is a bug of ours, and the thread lives on. */
    static void guard(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "An I/O task failed; please report this", e);
        }
    }

    /** Ends the thread once the last channel is closed. */
    @Override
    public synchronized void shutdown() {
        group.shutdown();
    }

    @Override
    public void awaitTermination() throws InterruptedException {
        group.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        Thread last = thread;
        if (last != null) {
            last.join();
        }
    }
}
