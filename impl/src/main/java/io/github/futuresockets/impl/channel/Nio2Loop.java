package io.github.futuresockets.impl.channel;

import io.github.futuresockets.impl.common.Supplies;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A channel group of the JDK with a single thread. The thread polls and runs the handlers, so a handler runs without a
 * change of threads. No handler may throw, because the JDK does not replace a thread after a checked exception.
 */
public final class Nio2Loop extends ChannelLoop {
    // used under this to open a channel and to shut the group down
    private final AsynchronousChannelGroup group;

    // written by the group's thread, read by any thread
    private volatile @Nullable Thread thread;

    /**
     * Makes a group and its thread.
     *
     * @param factory makes the thread
     * @param memory the memory of the buffer pool
     * @throws IOException if the JDK cannot make the group, or if its groups do not run tasks
     */
    public Nio2Loop(ThreadFactory factory, Supplies.Memory memory) throws IOException {
        super(memory);
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

    /**
     * The opening of a channel in a group.
     *
     * @param <C> the type of the channel
     */
    private interface Opening<C> {
        C open(AsynchronousChannelGroup group) throws IOException;
    }

    @Override
    AsynchronousSocketChannel openSocket(SocketAddress remote) throws IOException {
        return open(AsynchronousSocketChannel::open);
    }

    @Override
    AsynchronousServerSocketChannel openListener(SocketAddress local) throws IOException {
        return open(AsynchronousServerSocketChannel::open);
    }

    /**
     * Opens a channel, unless the group is shut down. Because the JDK leaks the descriptor of a channel in a group that
     * was shut down, the lock is held during the check and the opening.
     *
     * @throws java.nio.channels.ShutdownChannelGroupException if the group is shut down
     */
    private synchronized <C> C open(Opening<C> opening) throws IOException {
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
    void submit(Runnable task) {
        ((Executor) group).execute(task);
    }

    @Override
    synchronized void end() {
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
