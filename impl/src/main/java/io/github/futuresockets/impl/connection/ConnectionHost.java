package io.github.futuresockets.impl.connection;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.FileThreads;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.spi.Settings;
import java.util.concurrent.Future;

/** The owner of connections, with their settings, clock and executor, and with the register of open connections. */
public interface ConnectionHost extends IoContext {
    /** Returns the time-outs and limits of the connections. */
    Settings settings();

    /** Returns the clock of all time-outs. */
    Clock clock();

    /** Runs a task on a loop after a delay in nanoseconds. */
    Future<?> alarm(Runnable task, long nanos, IoLoop loop);

    /** Returns true if completions are tasks of the user's executor. */
    boolean completesElsewhere();

    /** Runs a completion of futures, once, on the current thread or in the user's executor. */
    void complete(Runnable completion);

    /** Returns true if the user's executor was terminated, and drops the completions that have not run. */
    boolean hasLostCompletions();

    /** Runs on the current thread all completions possibly dropped by an executor after its shutdown. */
    void takeOverCompletions();

    /** Registers a resource until {@link #unregister}. A closed host aborts the resource. */
    void register(Resource resource);

    /** Removes an ended resource. */
    void unregister(Resource resource);

    /** Returns the threads for reading and writing files and other blocking channels. */
    FileThreads files();
}
