package io.github.futuresockets.impl;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The threads that do what takes an engine long: keys, signatures, the checks of certificates, which may ask a network. As many as
 * there are processors, started when there is something to do. What waits for them is bounded by the connections that
 * there are: who gives up calls it off.
 */
final class TlsTasks {
    private final ThreadPoolExecutor threads;

    TlsTasks(Supplies.Threads helpers) {
        int count = Runtime.getRuntime().availableProcessors();
        threads = new ThreadPoolExecutor(
                count,
                count,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                helpers.named("futuresockets-tls"),
                new ThreadPoolExecutor.DiscardPolicy());
        Engine.idle(threads);
    }

    /**
     * Runs the tasks of the engine, and then that, on the loop: within the call if its thread may take its time.
     *
     * @return calls it off, if it has not begun: nobody waits for the engine any more
     */
    Runnable run(SSLEngine engine, Loop loop, Runnable then) {
        if (loop.mayTakeLong()) {
            runAll(engine);
            then.run();
            return () -> {};
        }
        // Called off, what is still queued holds neither the engine nor what waits for it.
        AtomicReference<@Nullable Runnable> work = new AtomicReference<>(() -> {
            runAll(engine);
            loop.execute(then);
        });
        threads.execute(() -> {
            Runnable mine = work.getAndSet(null);
            if (mine != null) {
                mine.run();
            }
        });
        return () -> work.set(null);
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
