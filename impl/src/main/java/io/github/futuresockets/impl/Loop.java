package io.github.futuresockets.impl;

import io.github.futuresockets.spi.IoContext;
import java.util.concurrent.Executor;

/** An I/O thread. As an executor it runs tasks there, later. */
interface Loop extends Executor {
    /**
     * Runs a task behind the caller, who calls again and again from what comes of its calls.
     *
     * @return whether its stack has ended by then
     */
    default boolean defer(Runnable task) {
        boolean ended = inLoop();
        execute(task);
        return ended;
    }

    /** Whether the current thread is this one. */
    boolean inLoop();

    /** Notes, on this thread, that something is called from outside: a thread that is never seen to return is held. */
    default void entered() {}

    /** Whether a task may take its time: there is no I/O thread that it would hold up. */
    default boolean mayTakeLong() {
        return false;
    }

    /** For the futures of the connections on this loop. */
    IoContext context();

    /** Sets {@link #context}, once, before there is a connection. */
    void context(IoContext context);

    /** The buffers of this thread. */
    Chunks chunks();

    /** Ends the thread once its last channel is closed. */
    void shutdown();

    void awaitTermination() throws InterruptedException;

    /** Runs a task on this thread: at once if this is it. */
    default void run(Runnable task) {
        if (inLoop()) {
            task.run();
        } else {
            execute(task);
        }
    }
}
