package io.github.futuresockets.impl;

import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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

    private final ThreadPoolExecutor files;
    private final ThreadPoolExecutor others;

    FileThreads(Supplies.Threads threads) {
        ThreadFactory factory = threads.named("futuresockets-file");
        files = pool(THREADS, THREADS, new LinkedBlockingQueue<>(), factory);
        others = pool(0, Integer.MAX_VALUE, new SynchronousQueue<>(), factory);
    }

    private static ThreadPoolExecutor pool(int core, int most, BlockingQueue<Runnable> queue, ThreadFactory factory) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                core, most, 1, TimeUnit.SECONDS, queue, factory, new ThreadPoolExecutor.DiscardPolicy());
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

    /** The same, a little later. If there is no thread for it by then, {@code failed} is told so instead, by a timer's thread. */
    void later(Channel channel, Runnable step, Consumer<? super Throwable> failed) {
        Executor threads = task -> {
            try {
                of(channel).execute(task);
            } catch (Throwable e) {
                failed.accept(e);
            }
        };
        CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, threads)
                .execute(step);
    }

    /** The last socket is closed: nobody waits for a step any more. */
    void shutdown() {
        files.shutdown();
        others.shutdown();
    }
}
