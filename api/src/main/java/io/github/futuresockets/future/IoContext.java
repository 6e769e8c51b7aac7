package io.github.futuresockets.future;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The services that a future needs from the sockets of its operation. Thread-safe. */
public interface IoContext {

    /** An object whose operations have a context, such as a socket. */
    interface Owner {
        /**
         * Returns the context of the operations.
         *
         * @return the context
         */
        IoContext context();
    }

    /**
     * Returns the context of the operations of an object.
     *
     * @param object a socket, a reader or a writer
     * @return the context, or null for an object of another library
     */
    static @Nullable IoContext of(Object object) {
        return object instanceof Owner owner ? owner.context() : null;
    }

    /**
     * Returns true if the current thread completes futures of this context. Such a thread must not wait for them.
     *
     * @return true on an I/O thread of these sockets
     */
    boolean onIoThread();

    /**
     * Returns the executor for methods with a name that ends in {@code Async} and without an executor argument.
     *
     * @return the executor
     */
    Executor defaultExecutor();

    /**
     * Runs a task once after a delay, on the thread for completions of this context. For a connection, the I/O thread
     * of the connection runs the task. A task without a connection never waits for an I/O thread.
     *
     * @param task the task, which must not block
     * @param nanos the delay in nanoseconds
     * @return a future whose {@code cancel(false)} prevents the run
     */
    Future<?> schedule(Runnable task, long nanos);

    /**
     * Returns the clock of these sockets if they use a simulated time.
     *
     * @return a source of nanoseconds with the rules of {@link System#nanoTime}, or null if the sockets use the system
     *     time
     */
    default @Nullable LongSupplier simulatedTime() {
        return null;
    }
}
