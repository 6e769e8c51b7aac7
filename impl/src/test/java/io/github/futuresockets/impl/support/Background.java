package io.github.futuresockets.impl.support;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Runs blocking code, such as a peer, on a new daemon thread. */
public final class Background {
    private Background() {}

    /** Starts {@code task}. The future completes with the outcome of the task. */
    public static <T> CompletableFuture<T> call(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    /** Starts {@code task}. The future completes at the end of the task. */
    public static CompletableFuture<Void> run(Runnable task) {
        return call(() -> {
            task.run();
            return null;
        });
    }
}
