package io.github.futuresockets.impl.tls;

import io.github.futuresockets.impl.common.BlockingThreads;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.transport.IoLoop;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The threads for the slow work of TLS: loading of classes, keys, signatures, and checks of certificates. Such a check
 * may wait for a network.
 *
 * <p>There are as many threads as processors, and more while some of them hang. The number of waiting tasks is bounded
 * by the number of connections, because a connection that is given up cancels its task.
 */
public final class TlsExecutor {
    private final BlockingThreads threads;

    public TlsExecutor(Supplies.Threads helpers) {
        threads = BlockingThreads.computing(helpers.named("futuresockets-tls"), "futuresockets-tls");
    }

    /** Returns a task for one of these threads. The task is not started. */
    public BlockingThreads.Task task(Runnable work) {
        return threads.task(work);
    }

    /**
     * Runs the tasks of the engine, and then {@code then} on the loop. If the loop's thread may take its time, both run
     * within the call.
     *
     * @param engine the engine that has tasks
     * @param loop the loop of the connection
     * @param then gets the failure of a task, or null; after an Error, the JDK's engine waits for the failed task for
     *     ever
     * @return cancels the tasks if they have not begun
     */
    public Runnable run(SSLEngine engine, IoLoop loop, Consumer<@Nullable Throwable> then) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        return run(() -> failure.set(runAll(engine)), loop, () -> then.accept(failure.get()));
    }

    /**
     * Runs work that does not throw, and then {@code then} on the loop. If the loop's thread may take its time, both
     * run within the call.
     *
     * @param work the work
     * @param loop the loop of the connection
     * @param then runs after the work
     * @return cancels the work if the work has not begun
     */
    public Runnable run(Runnable work, IoLoop loop, Runnable then) {
        if (loop.mayTakeLong()) {
            work.run();
            then.run();
            return () -> {};
        }
        BlockingThreads.Task task = threads.task(() -> {
            work.run();
            loop.execute(then);
        });
        task.start();
        return task::cancel;
    }

    /**
     * Runs the tasks of the engine. Returns a failure that the engine will not report itself, or null. The JDK's engine
     * keeps an exception of a task, and throws the exception later.
     */
    private static @Nullable Throwable runAll(SSLEngine engine) {
        try {
            Runnable task = engine.getDelegatedTask();
            if (task == null) {
                return new SSLException("the engine waits for a task and has none");
            }
            for (; task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    /** Returns the failure of a connection whose task has failed. */
    static IOException failure(Throwable cause) {
        return cause instanceof SSLException ssl
                ? ssl
                : new IOException("a task of the TLS engine failed: " + cause, cause);
    }

    /** Ends the threads after the last socket has closed. No connection waits for a task by then. */
    public void shutdown() {
        threads.shutdown();
    }
}
