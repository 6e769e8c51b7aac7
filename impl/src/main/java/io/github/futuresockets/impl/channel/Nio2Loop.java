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
 * A channel group of the JDK's with one thread of its own, which polls and runs the handlers: no hand-off. Nothing may be
 * thrown on it, since the JDK does not replace a thread that dies of a checked exception.
 */
public final class Nio2Loop extends ChannelLoop {
    private final AsynchronousChannelGroup group;
    private volatile @Nullable Thread thread;

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

    /** Opens a channel. */
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

    /** The JDK leaks the descriptor of a channel that it opens in a group that is shut down. */
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

    /** Ends the thread once the last channel is closed. */
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
