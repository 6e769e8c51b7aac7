package io.github.futuresockets.impl;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The threads that do what takes an engine long: keys, signatures, the checks of certificates, which may ask a network. As many as
 * there are processors, started when there is something to do. What waits for them is bounded by the connections that
 * there are: who gives up calls it off.
 */
final class TlsTasks {
    private final ThreadPoolExecutor threads;

    TlsTasks() {
        int count = Runtime.getRuntime().availableProcessors();
        threads = new ThreadPoolExecutor(
                count,
                count,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Engine.daemons("futuresockets-tls"),
                new ThreadPoolExecutor.DiscardPolicy());
        Engine.idle(threads);
    }

    /** What an engine has to do, and then somebody else, on the loop. Called off, it holds neither. */
    private static final class Task implements Runnable {
        private final Loop loop;
        private volatile @Nullable SSLEngine engine;
        private volatile @Nullable Runnable then;

        Task(SSLEngine engine, Loop loop, Runnable then) {
            this.engine = engine;
            this.loop = loop;
            this.then = then;
        }

        @Override
        public void run() {
            SSLEngine mine = engine;
            Runnable next = then;
            if (mine != null && next != null) {
                runAll(mine);
                loop.execute(next);
            }
        }

        void callOff() {
            engine = null;
            then = null;
        }
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
        Task task = new Task(engine, loop, then);
        threads.execute(task);
        return task::callOff;
    }

    /** A task that throws has failed the handshake, as the engine then tells. */
    private static void runAll(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            ChannelLoop.guard(task);
        }
    }

    /** The last socket is closed: nobody waits for a task any more. */
    void shutdown() {
        threads.shutdown();
    }
}
