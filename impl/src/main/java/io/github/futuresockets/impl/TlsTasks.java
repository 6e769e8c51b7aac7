package io.github.futuresockets.impl;

import javax.net.ssl.SSLEngine;

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
     * Runs the tasks of the engine, and then that, on the loop: within the call if its thread may take its time.
     *
     * @return calls it off, if it has not begun: nobody waits for the engine any more
     */
    Runnable run(SSLEngine engine, Loop loop, Runnable then) {
        return run(() -> runAll(engine), loop, then);
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

    /** Tasks that throw have failed the handshake, as the engine then tells. */
    private static void runAll(SSLEngine engine) {
        ChannelLoop.guard(() -> {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                ChannelLoop.guard(task);
            }
        });
    }

    /** The last socket is closed: nobody waits for a task any more. */
    void shutdown() {
        threads.shutdown();
    }
}
