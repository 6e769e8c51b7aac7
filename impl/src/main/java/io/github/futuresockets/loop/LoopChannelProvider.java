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
 * A provider of asynchronous channels over event loops. Each loop has a thread and a selector, and each channel belongs
 * to a loop. The thread that polls calls the handlers, without a change of threads.
 *
 * <p>Use the provider directly, or as the default provider of the JVM:
 *
 * <pre>{@code
 * -Djava.nio.channels.spi.AsynchronousChannelProvider=io.github.futuresockets.loop.LoopChannelProvider
 * }</pre>
 *
 * with {@code --add-modules io.github.futuresockets.impl} on the module path.
 *
 * <p>The channels follow the specification of {@link java.nio.channels}. The choices that the specification leaves
 * open:
 * <ul>
 *   <li><b>Time-outs and cancellation.</b> A read or write that has timed out or was cancelled has not taken place and
 *       will not. Its buffer is unchanged, and the provider does not touch the buffer again. The channel has no error
 *       state and can be read and written as before. {@code cancel(true)} closes the channel. Each cancellation of a
 *       connect closes the channel.
 *   <li><b>Stack depth.</b> At most 16 handlers are on the stack of a thread. Then the loop calls the next handler.
 *   <li><b>Exceptions.</b> An exception of a handler, of any type, goes to the handler of uncaught exceptions of the
 *       thread. The thread continues. The interrupt status of a loop's thread may be cleared at any time between two
 *       handlers.
 *   <li><b>Groups of several threads.</b> Handlers may hold all threads but a single thread, and the channels of the
 *       group continue. If a handler waits for a future of this provider, a thread of the provider takes over polling
 *       and transfers at once. If a handler holds its thread in another way, the provider's thread takes over after
 *       some milliseconds. Only threads of the group call handlers. A handler of a read and a handler of a write of the
 *       same channel may run at the same time.
 *   <li><b>Groups of a single thread.</b> On the thread of the group, {@code get()} of a future that is not done throws
 *       an {@link IllegalStateException}, because no other thread could complete the operation. The same holds for
 *       {@code get} with a time-out greater than 0.
 *   <li><b>Groups with an executor.</b> The initial size is the number of executor tasks that poll and call handlers. A
 *       negative size means a task for each processor. While handlers hold the tasks, further tasks of the executor
 *       call handlers. With an initial size of 0, a thread of the provider polls, and tasks of the executor call
 *       handlers. If an operation that such a handler starts ends at once, the same task calls the handler of the
 *       operation. If the executor refuses a task, a daemon thread of the provider calls the handler.
 *   <li><b>Memory segments.</b> A buffer can be a view of a memory segment. If the arena of the segment is confined to
 *       a thread, the call throws an {@link IllegalArgumentException}. If the arena is closed already, the operation
 *       fails. A pending operation does not keep the arena open. If the arena is closed meanwhile, the operation fails
 *       when the channel is ready, and no byte is lost. Only the system call accesses the memory, and the arena cannot
 *       be closed during the call.
 *   <li><b>Options.</b> A channel supports the options of a socket channel. With
 *       {@link java.net.StandardSocketOptions#SO_LINGER} of 0 seconds, a close sends a reset. A greater value has no
 *       effect on a close, because no thread may wait.
 *   <li><b>Backlog.</b> The backlog of a listener is 1024 by default.
 *   <li><b>Security manager.</b> A security manager, possible before JDK 24, is not supported. No action is privileged,
 *       and no caller's context is kept. So the code that opens the first channel of the default group needs the
 *       permissions to read the group's system properties and to make the group's threads. The caller needs the
 *       permission to connect or to bind. A connect that is denied fails with a {@link SecurityException} and does not
 *       throw the exception. The threads that poll need the permissions to accept and to shut down the group's
 *       executor, in the context of the code that made the threads.
 * </ul>
 */
public final class LoopChannelProvider extends AsynchronousChannelProvider {

    /** Creates a provider. */
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
     * Opens a group whose loops never change threads. The thread of a channel's loop runs all handlers and listeners of
     * the channel. A handler that waits delays all channels of the loop.
     *
     * @param count the number of loops, each with a thread of its own
     * @param threadFactory makes the threads
     * @return a group with {@code count} loops
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
     * Opens a listening channel for Internet addresses.
     *
     * @param group a group of this provider, or null for the default group
     */
    @Override
    public AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(@Nullable AsynchronousChannelGroup group)
            throws IOException {
        return loop(group).openServerSocketChannel(null);
    }

    /**
     * Opens a socket channel for Internet addresses.
     *
     * @param group a group of this provider, or null for the default group
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
        if (!(group instanceof LoopChannelGroup loops)) {
            throw new IllegalChannelGroupException();
        }
        return loops.next();
    }
}
