package io.github.futuresockets.loop;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A thread with a selector. A channel belongs to the same loop until the channel is closed.
 *
 * <p><b>Tasks.</b> As an {@link Executor}, a loop runs tasks on its thread in the order of submission. A task that is
 * submitted while tasks run is run after the next poll. If a task throws an exception, the thread's handler of uncaught
 * exceptions receives the exception, and the loop continues. After the group has terminated, the loop refuses a task
 * with a {@link java.util.concurrent.RejectedExecutionException}.
 *
 * <p><b>Threads.</b> A loop of {@link LoopChannelProvider#openEventLoops} has the same thread until the loop ends. In
 * other groups of several threads, another thread drives the loop while a handler holds the loop's own thread.
 * Meanwhile any thread of the group runs the tasks, and the order of submission is not kept.
 */
public interface EventLoop extends Executor {
    /**
     * Returns true if the current thread drives this loop.
     *
     * @return true on the loop's thread
     */
    boolean inLoop();

    /**
     * Opens a socket channel on this loop.
     *
     * @param family a {@link java.net.StandardProtocolFamily}, or null for all versions of the Internet protocol that
     *     the system has
     * @return an {@link EventLoopChannel}, neither bound nor connected
     * @throws UnsupportedOperationException if the family is not supported
     * @throws java.nio.channels.ShutdownChannelGroupException if the group is shut down
     * @throws IOException if the channel cannot be opened
     */
    AsynchronousSocketChannel openSocketChannel(@Nullable ProtocolFamily family) throws IOException;

    /**
     * Opens a listening channel on this loop. The accepted channels belong to all loops of the group in turn.
     *
     * @param family as for {@link #openSocketChannel}
     * @return the channel, not bound
     * @throws UnsupportedOperationException if the family is not supported
     * @throws java.nio.channels.ShutdownChannelGroupException if the group is shut down
     * @throws IOException if the channel cannot be opened
     */
    AsynchronousServerSocketChannel openServerSocketChannel(@Nullable ProtocolFamily family) throws IOException;
}
