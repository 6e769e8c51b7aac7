package io.github.futuresockets.impl;

import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read from and write to files and other channels of the user's, so that no I/O thread does.
 *
 * <p>A disk answers, so a few threads do for all files. Another channel may wait for ever, and then it must hold up nobody but
 * itself: for these there are as many threads as channels that wait. No thread is interrupted, which would close the channel.
 */
final class FileThreads {
    private static final int THREADS = 4;

    /** After so long a channel that had nothing, or no room, is asked again. */
    private static final int PAUSE_MILLIS = 10;

    private final ThreadPoolExecutor files = pool(THREADS, THREADS, new LinkedBlockingQueue<>());
    private final ThreadPoolExecutor others = pool(0, Integer.MAX_VALUE, new SynchronousQueue<>());

    private static ThreadPoolExecutor pool(int core, int most, BlockingQueue<Runnable> queue) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                core,
                most,
                1,
                TimeUnit.SECONDS,
                queue,
                Engine.daemons("futuresockets-file"),
                new ThreadPoolExecutor.DiscardPolicy());
        Engine.idle(pool);
        return pool;
    }

    private Executor of(Channel channel) {
        return channel instanceof FileChannel ? files : others;
    }

    /** Runs a step with that channel; never, once all sockets are closed. */
    void execute(Channel channel, Runnable step) {
        of(channel).execute(step);
    }

    /** The same, a little later. */
    void later(Channel channel, Runnable step) {
        CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, of(channel))
                .execute(step);
    }

    /** The last socket is closed: nobody waits for a step any more. */
    void shutdown() {
        files.shutdown();
        others.shutdown();
    }
}
