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
 * Asynchronous channels over event loops: one thread, one selector and no change of threads for a channel.
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
 *   <li>In a group with an executor its initial size says how many threads poll, at least one, by default one for each
 *       processor; they are daemons of this provider. A handler that the executor refuses is called by one of them.
 *   <li>A channel supports the options of a socket channel, {@link java.net.StandardSocketOptions#SO_LINGER} among them:
 *       with 0 seconds, closing sends a reset; with more it closes as without the option, since no thread may wait.
 *   <li>The backlog of a listener is 1024 unless it is given.
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
        return new LoopChannelGroup(this, nThreads, Objects.requireNonNull(threadFactory, "threadFactory"), null);
    }

    @Override
    public LoopChannelGroup openAsynchronousChannelGroup(ExecutorService executor, int initialSize) throws IOException {
        Objects.requireNonNull(executor, "executor");
        int processors = Runtime.getRuntime().availableProcessors();
        int loops = initialSize < 0 ? processors : Math.max(1, initialSize);
        return new LoopChannelGroup(this, loops, DefaultGroup::pollingThread, executor);
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
