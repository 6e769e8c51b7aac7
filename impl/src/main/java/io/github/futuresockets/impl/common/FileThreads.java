package io.github.futuresockets.impl.common;

import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The threads that read and write files and other channels of the user, so that no I/O thread does.
 *
 * <p>Files share a few places, because a disk answers soon. A file that does not answer, such as a FIFO, loses its
 * place. Other channels mostly wait, so there are as many threads as waiting channels. No thread is interrupted,
 * because an interrupt would close the channel.
 */
public final class FileThreads {
    private static final int PLACES = 16;

    /** The time until the next attempt on a channel without bytes or room, in milliseconds. */
    private static final int PAUSE_MILLIS = 10;

    private final BlockingThreads files;
    private final BlockingThreads others;

    public FileThreads(Supplies.Threads threads) {
        ThreadFactory factory = threads.named("futuresockets-file");
        files = BlockingThreads.waiting(factory, "futuresockets-file", PLACES);
        others = BlockingThreads.waiting(factory, "futuresockets-file", BlockingThreads.MAX);
    }

    private BlockingThreads of(Channel channel) {
        return channel instanceof FileChannel ? files : others;
    }

    /** Runs a step for a channel. Runs nothing after all sockets are closed. */
    public void execute(Channel channel, Runnable step) {
        of(channel).execute(step);
    }

    /**
     * Runs a step for a channel after a pause. If there is no thread for the step, calls {@code failed} on a timer's
     * thread instead.
     */
    public void later(Channel channel, Runnable step, Consumer<? super Throwable> failed) {
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

    /** Lets the threads end. Called after the last socket is closed. */
    public void shutdown() {
        files.shutdown();
        others.shutdown();
    }
}
