package io.github.futuresockets.loop;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.IllegalChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asynchronous channels over event loops: one thread and one selector for each loop, and a channel belongs to one loop. Handlers
 * are called by the thread that has polled, without a change of threads.
 *
 * <p>It can be used directly, or as the default of the JVM:
 *
 * <pre>{@code
 * -Djava.nio.channels.spi.AsynchronousChannelProvider=io.github.futuresockets.loop.LoopChannelProvider
 * }</pre>
 *
 * with {@code --add-modules io.github.futuresockets.impl} on the module path.
 *
 * <p>The channels do what {@link java.nio.channels} says. Where it leaves a choice:
 * <ul>
 *   <li>A read or write that has timed out or been cancelled has not taken place, and will not: its buffer is as it was and is
 *       not touched any more, and the channel can be read and written as before. It has no error state.
 *   <li>{@code cancel(true)} closes the channel; so does cancelling a connect in any way.
 *   <li>At most 16 handlers are on the stack of a thread; then the next is called from the loop.
 *   <li>What a handler throws, of any type, goes to the handler of uncaught exceptions of its thread, which lives on.
 *       The interrupt status of a loop's thread is cleared now and then.
 *   <li>In a group of several threads all but one may be held by handlers, and the channels of the group go on. If a handler
 *       waits for a future of this provider, a thread of the provider's own takes over polling and transfers at once; if
 *       a handler holds its thread otherwise, after some milliseconds. Handlers are called by the group's threads only. Two
 *       handlers of one channel, of a read and of a write, may run at the same time.
 *   <li>In a group of one thread {@code get()} of a future that is not done throws an {@link IllegalStateException} on that
 *       thread, with a time-out greater than 0, too: no other thread could complete the operation.
 *   <li>In a group with an executor the initial size says how many tasks of the executor poll and call handlers; if it is
 *       negative, one for each processor. While they are held, further tasks of the executor call handlers. With an
 *       initial size of 0 one thread of the provider's own polls, and tasks of the executor call handlers. An operation that
 *       such a handler starts and that ends at once has its handler called by the same task.
 *       A handler that the executor refuses is called by a thread of the provider's own, a daemon.
 *   <li>A buffer can be a view of a memory segment. If the segment's arena is confined to one thread, the call throws an
 *       {@link IllegalArgumentException}. If the arena is closed already, the operation fails. An outstanding operation
 *       does not keep the arena open: if the arena is closed meanwhile, the operation fails as soon as the channel is ready,
 *       and no byte is lost; the memory is accessed within the system call only, and during the call the arena cannot be closed.
 *   <li>A channel supports the options of a socket channel, {@link java.net.StandardSocketOptions#SO_LINGER} among them:
 *       with 0 seconds, closing sends a reset; with more it closes as without the option, since no thread may wait.
 *   <li>The backlog of a listener is 1024 unless it is given.
 *   <li>A security manager, which JDKs before 24 can have, is not supported: no action is privileged, and no caller's context is
 *       kept. So the code that opens the first channel of the default group needs the permissions to read the group's
 *       system properties and to make its threads. A permission to connect or to bind is demanded of the caller, and a
 *       connect that is denied fails with the {@link SecurityException} rather than throws it. The permission to accept and
 *       the one to shut down the group's executor are demanded of the threads that poll, in the context of the code that
 *       made these threads.
 * </ul>
 */
public final class LoopChannelProvider extends AsynchronousChannelProvider {

    /** Creates a provider; its groups are its own. */
    public LoopChannelProvider() {}

    @Override
    public LoopChannelGroup openAsynchronousChannelGroup(int nThreads, ThreadFactory threadFactory) throws IOException {
        if (nThreads < 1) {
            throw new IllegalArgumentException("'nThreads' must be > 0, not " + nThreads);
        }
        Objects.requireNonNull(threadFactory, "threadFactory");
        return new LoopChannelGroup(this, nThreads, threadFactory, null, nThreads > 1);
    }

    /**
     * Opens a group whose loops never change threads. Each channel's handlers and listeners run on the one thread of the channel's
     * loop, and a handler that waits holds up all channels of the loop.
     *
     * @param count how many loops, each with a thread
     * @param threadFactory makes the threads
     * @return a group with that many loops
     * @throws IOException if a selector cannot be opened
     */
    public LoopChannelGroup openEventLoops(int count, ThreadFactory threadFactory) throws IOException {
        if (count < 1) {
            throw new IllegalArgumentException("'count' must be > 0, not " + count);
        }
        Objects.requireNonNull(threadFactory, "threadFactory");
        return new LoopChannelGroup(this, count, threadFactory, null, false);
    }

    @Override
    public LoopChannelGroup openAsynchronousChannelGroup(ExecutorService executor, int initialSize) throws IOException {
        Objects.requireNonNull(executor, "executor");
        if (initialSize == 0) {
            return new LoopChannelGroup(this, 1, DefaultGroup::pollingThread, executor, false);
        }
        int loops = initialSize < 0 ? Runtime.getRuntime().availableProcessors() : initialSize;
        return new LoopChannelGroup(this, loops, null, executor, true);
    }

    /**
     * Opens a listening channel for addresses of the Internet.
     *
     * @param group one of this provider, or null for the default group
     */
    @Override
    public AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(@Nullable AsynchronousChannelGroup group)
            throws IOException {
        return loop(group).openServerSocketChannel(null);
    }

    /**
     * Opens a socket channel for addresses of the Internet.
     *
     * @param group one of this provider, or null for the default group
     */
    @Override
    public AsynchronousSocketChannel openAsynchronousSocketChannel(@Nullable AsynchronousChannelGroup group)
            throws IOException {
        return loop(group).openSocketChannel(null);
    }

    private SelectorLoop loop(@Nullable AsynchronousChannelGroup group) throws IOException {
        if (group == null) {
            return DefaultGroup.of(this).next();
        }
        if (!(group instanceof LoopChannelGroup)) {
            throw new IllegalChannelGroupException();
        }
        return ((LoopChannelGroup) group).next();
    }
}
