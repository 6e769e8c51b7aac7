package io.github.futuresockets.impl.support;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** What the machine does to a thread that only sleeps: whoever measures time has to allow for it. */
public final class Pauses {
    private static final long NAP = 1_000_000;

    private Pauses() {}

    /**
     * What the pauses of the machine during a task may have cost something that three threads do in turn, a timer, an I/O thread
     * and whoever waits: three times the longest one, in milliseconds.
     */
    public static long during(Runnable task) {
        AtomicBoolean over = new AtomicBoolean();
        long[] longest = {0};
        Thread watchdog = new Thread(() -> {
            while (!over.get()) {
                long before = System.nanoTime();
                LockSupport.parkNanos(NAP);
                longest[0] = Math.max(longest[0], System.nanoTime() - before - NAP);
            }
        });
        watchdog.setDaemon(true);
        watchdog.start();
        try {
            task.run();
        } finally {
            over.set(true);
        }
        try {
            watchdog.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return 3 * longest[0] / 1_000_000;
    }
}
