package io.github.futuresockets.impl;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The threads that do what takes an engine long: loading TLS, keys, signatures, the checks of certificates, which may ask a network. As
 * many as there are processors, and more when some of them hang. What waits for them is bounded by the connections that there
 * are: who gives up calls it off.
 */
final class TlsTasks {
    private final BlockingThreads threads;

    TlsTasks(Supplies.Threads helpers) {
        threads = BlockingThreads.computing(helpers.named("futuresockets-tls"), "futuresockets-tls");
    }

    /** Work for one of these threads. */
    BlockingThreads.Task task(Runnable work) {
        return threads.task(work);
    }

    /**
     * Runs the tasks of the engine, and then {@code then}, on the loop: within the call if its thread may take its time.
     *
     * @param then gets the failure of a task, or null. After an Error the JDK's engine waits for that task for ever
     * @return calls it off, if it has not begun: nobody waits for the engine any more
     */
    Runnable run(SSLEngine engine, Loop loop, Consumer<@Nullable Throwable> then) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        return run(() -> failure.set(runAll(engine)), loop, () -> then.accept(failure.get()));
    }

    /** The same with work that does not throw. */
    Runnable run(Runnable work, Loop loop, Runnable then) {
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

    /** Returns the failure of a task. The JDK's engine keeps an exception of a task for itself, and tells it later. */
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

    /** The failure of a connection whose task has failed. */
    static IOException failure(Throwable cause) {
        return cause instanceof SSLException
                ? (SSLException) cause
                : new IOException("a task of the TLS engine failed: " + cause, cause);
    }

    /** The last socket is closed: nobody waits for a task any more. */
    void shutdown() {
        threads.shutdown();
    }
}
