package io.github.futuresockets.spi;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;

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
     * Runs a task later, where futures are completed.
     *
     * @param task what to run; it does not block
     * @param nanos the delay
     * @return takes it back by {@code cancel(false)}
     */
    Future<?> schedule(Runnable task, long nanos);
}
