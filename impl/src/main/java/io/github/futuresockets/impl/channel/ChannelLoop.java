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

/** An I/O thread with channels of NIO.2. Nothing may be thrown on it. */
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
    private @Nullable IoContext context;

    /** How often the thread has been entered, modulo 2^32, and which one this is: written by that thread, read by the watch. */
    private int entries;

    private @Nullable Thread thread;

    /** What logs and records is loaded now: when it is needed there may be no descriptor to load it with. */
    ChannelLoop(Supplies.Memory memory) {
        chunks = new BufferPool(this, memory);
        Log.log(Level.TRACE, "an I/O thread " + Recorder.HERE, null);
    }

    /** Opens a channel on this loop, for an address of that kind. */
    abstract AsynchronousSocketChannel openSocket(SocketAddress remote) throws IOException;

    abstract AsynchronousServerSocketChannel openListener(SocketAddress local) throws IOException;

    /** Ends the thread once its last channel is closed. */
    abstract void end();

    @Override
    public final void shutdown() {
        LoopWatchdog.unwatch(this);
        end();
    }

    /** Runs the task later; refused when the thread has ended. */
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

    /** When the thread has ended, with all its channels, what is left to do can be done by anyone. */
    @Override
    public final void execute(Runnable task) {
        try {
            submit(() -> enter(task));
        } catch (RejectedExecutionException ended) {
            Threads.guard(task);
        }
    }

    /** To be called on this thread by whatever is called from outside there: a hold is told from many short calls. */
    @Override
    public final void entered() {
        if (thread == null) {
            thread = Thread.currentThread();
        }
        ENTRIES.setRelease(this, entries + 1);
    }

    /** What is called on this thread from outside. */
    final void enter(Runnable called) {
        entered();
        Threads.guard(called);
    }

    /** Changes with each call of {@link #entered}; from any thread. */
    final int entries() {
        return (int) ENTRIES.getAcquire(this);
    }

    /** The thread, for one that has seen it {@linkplain #entries enter}. */
    final Thread thread() {
        return Objects.requireNonNull(thread);
    }
}
