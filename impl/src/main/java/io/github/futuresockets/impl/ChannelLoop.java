package io.github.futuresockets.impl;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.RejectedExecutionException;

/** An I/O thread with channels of NIO.2. Nothing may be thrown on it. */
abstract class ChannelLoop implements Loop {

    private final Chunks chunks;

    /** What logs and records is loaded now: when it is needed there may be no descriptor to load it with. */
    ChannelLoop(Supplies.Memory memory) {
        chunks = new Chunks(this, memory);
        Log.log(Level.TRACE, "an I/O thread " + Recorder.HERE, null);
    }

    /** Opens a channel on this loop, for an address of that kind. */
    abstract AsynchronousSocketChannel openSocket(SocketAddress remote) throws IOException;

    abstract AsynchronousServerSocketChannel openListener(SocketAddress local) throws IOException;

    /** Ends the thread once its last channel is closed. */
    abstract void end();

    @Override
    public final void shutdown() {
        LoopWatch.unwatch(this);
        end();
    }

    /** Runs the task later; refused when the thread has ended. */
    abstract void submit(Runnable task);

    @Override
    public final Chunks chunks() {
        return chunks;
    }

    /** When the thread has ended, with all its channels, what is left to do can be done by anyone. */
    @Override
    public final void execute(Runnable task) {
        try {
            submit(() -> guard(task));
        } catch (RejectedExecutionException ended) {
            guard(task);
        }
    }

    /** Runs what must not throw; if it does, that is a bug of ours, and the thread lives on. */
    static void guard(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            Log.log(Level.ERROR, "An I/O task failed; please report this", e);
        }
    }
}
