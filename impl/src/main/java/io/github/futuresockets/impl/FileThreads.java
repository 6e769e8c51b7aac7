package io.github.futuresockets.impl;

import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The threads that read from and write to files and other channels of the user's, so that no I/O thread does.
 *
 * <p>A disk answers, so a few places do for all files; a file that is none, such as a FIFO, loses its place. Another channel
 * mostly waits: for these there are as many threads as channels that wait. No thread is interrupted, which would close the channel.
 */
final class FileThreads {
    private static final int PLACES = 16;

    /** After so long a channel that had nothing, or no room, is asked again. */
    private static final int PAUSE_MILLIS = 10;

    private final BlockingThreads files;
    private final BlockingThreads others;

    FileThreads(Supplies.Threads threads) {
        ThreadFactory factory = threads.named("futuresockets-file");
        files = BlockingThreads.waiting(factory, "futuresockets-file", PLACES);
        others = BlockingThreads.waiting(factory, "futuresockets-file", BlockingThreads.MOST);
    }

    private BlockingThreads of(Channel channel) {
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
