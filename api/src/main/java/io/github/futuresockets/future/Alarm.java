package io.github.futuresockets.future;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Schedules tasks on the clock of a context or, without a context, on the timer of the JDK's futures. */
final class Alarm {
    private Alarm() {}

    /** Runs a task once after a delay, unless the returned future is cancelled before. */
    static Future<?> set(@Nullable IoContext context, Runnable action, long timeout, TimeUnit unit) {
        if (context != null) {
            return context.schedule(action, unit.toNanos(timeout));
        }
        CompletableFuture<Void> timer = new CompletableFuture<Void>().completeOnTimeout(null, timeout, unit);
        timer.thenRun(action);
        return timer;
    }
}
