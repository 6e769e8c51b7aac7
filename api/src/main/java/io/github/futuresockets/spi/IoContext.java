package io.github.futuresockets.spi;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a future has to know of the sockets that made it. Thread-safe. */
public interface IoContext {

    /**
     * Whether the current thread is one of those that complete futures of this context: it must not wait for them.
     *
     * @return true on an I/O thread of these sockets
     */
    boolean onIoThread();

    /**
     * Runs the stages whose methods end in {@code Async} and name no executor.
     *
     * @return the executor
     */
    Executor defaultExecutor();

    /**
     * Runs a task later, where futures of this context are completed. The alarm of a connection rings on the thread of that
     * connection; an alarm that belongs to no connection waits for no I/O thread.
     *
     * @param task what to run; it does not block
     * @param nanos the delay
     * @return takes it back by {@code cancel(false)}
     */
    Future<?> schedule(Runnable task, long nanos);

    /**
     * The time of these sockets, if it is not that of the machine.
     *
     * @return nanoseconds, as {@link System#nanoTime} gives them; null: these sockets have the time of the machine
     */
    default @Nullable LongSupplier simulatedTime() {
        return null;
    }
}
