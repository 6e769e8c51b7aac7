package io.github.futuresockets.impl.channel;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.observe.Recorder;
import io.github.futuresockets.impl.transport.BufferPool;
import io.github.futuresockets.impl.transport.IoLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** An I/O thread with channels of NIO.2. No task and no callback may throw an exception on the thread. */
public abstract class ChannelLoop implements IoLoop {

    private static final VarHandle ENTRIES;

    static {
        try {
            ENTRIES = MethodHandles.lookup().findVarHandle(ChannelLoop.class, "entries", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BufferPool chunks;

    // set before the first connection, read by any thread
    private @Nullable IoContext context;

    // written by the I/O thread, read by the watchdog thread; `entries` is read first, and publishes `thread`
    /** The number of entries, modulo 2^32. */
    private int entries;

    /** The I/O thread, or null before the first entry. */
    private @Nullable Thread thread;

    /**
     * Makes a loop with a buffer pool. Loads the classes of the log and of the recorder now, because later the process
     * may have no free descriptor to load a class.
     */
    ChannelLoop(Supplies.Memory memory) {
        chunks = new BufferPool(this, memory);
        Log.log(Level.TRACE, "an I/O thread " + Recorder.HERE, null);
    }

    /** Opens an unconnected channel on this loop, for an address of the same family as {@code remote}. */
    abstract AsynchronousSocketChannel openSocket(SocketAddress remote) throws IOException;

    /** Opens an unbound listening channel on this loop, for an address of the same family as {@code local}. */
    abstract AsynchronousServerSocketChannel openListener(SocketAddress local) throws IOException;

    /** Ends the thread after its last channel is closed. */
    abstract void end();

    @Override
    public final void shutdown() {
        LoopWatchdog.unwatch(this);
        end();
    }

    /**
     * Runs a task later on the thread. The task is not counted as an entry.
     *
     * @throws RejectedExecutionException if the thread has ended
     */
    abstract void submit(Runnable task);

    @Override
    public final IoContext context() {
        return Objects.requireNonNull(context);
    }

    @Override
    public final void context(IoContext context) {
        this.context = context;
    }

    @Override
    public final boolean isWatched() {
        return true;
    }

    @Override
    public final BufferPool chunks() {
        return chunks;
    }

    /**
     * Runs a task later on the thread. After the end of the thread, runs the task on the current thread, because all
     * channels of the loop are closed then.
     */
    @Override
    public final void execute(Runnable task) {
        try {
            submit(() -> enter(task));
        } catch (RejectedExecutionException ended) {
            Threads.guard(task);
        }
    }

    /**
     * Counts an entry of the I/O thread. Each task and each callback of a channel calls this method first, on the I/O
     * thread. By the count, the watchdog distinguishes a long callback from many short callbacks.
     */
    @Override
    public final void entered() {
        if (thread == null) {
            thread = Thread.currentThread();
        }
        ENTRIES.setRelease(this, entries + 1);
    }

    /** Runs a callback as an entry of the I/O thread. A failure of the callback is logged. Called on the I/O thread. */
    final void enter(Runnable called) {
        entered();
        Threads.guard(called);
    }

    /** Returns the number of entries so far, modulo 2^32. Callable from any thread. */
    final int entries() {
        return (int) ENTRIES.getAcquire(this);
    }

    /** Returns the I/O thread. For a caller of {@link #entries} with a result other than 0. */
    final Thread thread() {
        return Objects.requireNonNull(thread);
    }
}
