package io.github.futuresockets.loop;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One thread with one selector. Every channel belongs to one loop for life.
 *
 * <p>As an executor it runs tasks on its thread, in the order in which they were given, and those that are given while
 * tasks run behind the next poll. A task that throws has its exception handed to the thread's handler of uncaught exceptions;
 * the loop goes on. Once the group has terminated a task is refused with a
 * {@link java.util.concurrent.RejectedExecutionException}.
 *
 * <p>In a group of NIO.2 with several threads, another thread drives the loop while a handler holds the loop's own; then tasks
 * are run by any thread of the group, and not in their order. Loops of {@link LoopChannelProvider#openEventLoops} have one
 * thread for life.
 */
public interface EventLoop extends Executor {
    /**
     * Whether the current thread drives this loop.
     *
     * @return true on the loop's thread
     */
    boolean inLoop();

    /**
     * Opens a socket channel on this loop.
     *
     * @param family one of {@link java.net.StandardProtocolFamily}; null: the Internet, in each version that the system has
     * @return the channel, neither bound nor connected; also a {@link EventLoopChannel}
     * @throws UnsupportedOperationException if the family is not supported
     * @throws java.nio.channels.ShutdownChannelGroupException if the group is shut down
     * @throws IOException if it cannot be opened
     */
    AsynchronousSocketChannel openSocketChannel(@Nullable ProtocolFamily family) throws IOException;

    /**
     * Opens a listening channel on this loop; the channels that it accepts are dealt over all loops of the group.
     *
     * @param family as for {@link #openSocketChannel}
     * @return the channel, not bound
     * @throws UnsupportedOperationException if the family is not supported
     * @throws java.nio.channels.ShutdownChannelGroupException if the group is shut down
     * @throws IOException if it cannot be opened
     */
    AsynchronousServerSocketChannel openServerSocketChannel(@Nullable ProtocolFamily family) throws IOException;
}
