package io.github.futuresockets.impl.transport;

import io.github.futuresockets.future.IoContext;
import java.util.concurrent.Executor;

/**
 * An I/O thread, or its equivalent in a provider without threads. As an executor, the loop runs a task later on its
 * thread.
 */
public interface IoLoop extends Executor {
    /**
     * Runs a task later, for a caller that would otherwise recurse without bound.
     *
     * @param task the task
     * @return true if the caller may restart its count of nested calls, because the task has enough stack
     */
    default boolean defer(Runnable task) {
        boolean ended = inLoop();
        execute(task);
        return ended;
    }

    /** Returns true if the current thread is the thread of the loop. */
    boolean inLoop();

    /** Notes a call from outside to this thread. A watchdog reports a thread without such notes as held. */
    default void entered() {}

    /** Returns true if a watchdog looks after this thread, and after sockets that were collected without a close. */
    default boolean isWatched() {
        return false;
    }

    /** Returns true if a task may block or compute for long, because there is no I/O thread to hold up. */
    default boolean mayTakeLong() {
        return false;
    }

    /** Returns the context for futures of connections on the loop. */
    IoContext context();

    /** Sets {@link #context}. Called once, before the first connection. */
    void context(IoContext context);

    /** Returns the buffer pool of the loop. */
    BufferPool chunks();

    /** Ends the thread after its last channel is closed. */
    void shutdown();

    /** Waits until the thread has ended. */
    void awaitTermination() throws InterruptedException;

    /** Runs a task on the thread of this loop. If the current thread is the same, the task runs before the return. */
    default void run(Runnable task) {
        if (inLoop()) {
            task.run();
        } else {
            execute(task);
        }
    }
}
