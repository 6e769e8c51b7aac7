package io.github.futuresockets.spi;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs something later: in the time of the sockets that it belongs to, or in that of the JDK's own futures. */
final class Alarm {
    private Alarm() {}

    static Future<?> set(@Nullable IoContext context, Runnable action, long timeout, TimeUnit unit) {
        if (context != null) {
            return context.schedule(action, unit.toNanos(timeout));
        }
        CompletableFuture<Void> timer = new CompletableFuture<Void>().completeOnTimeout(null, timeout, unit);
        timer.thenRun(action);
        return timer;
    }
}
