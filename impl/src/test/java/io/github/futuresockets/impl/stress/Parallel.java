package io.github.futuresockets.impl.stress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Runs one thing on many threads and waits for all of them, but not for ever. */
public final class Parallel {
    private Parallel() {}

    /** What each thread does. */
    public interface Task {
        void run(int index) throws Exception;
    }

    /** Runs it on so many threads; the first failure is thrown, a thread that hangs is shown with its stack. */
    public static void run(int threads, Duration limit, Task task) {
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(start("parallel-" + i, failures, task, i));
        }
        long deadline = System.nanoTime() + limit.toNanos();
        for (Thread thread : running) {
            join(thread, deadline, failures);
        }
        Throwable first = failures.poll();
        if (first != null) {
            failures.forEach(first::addSuppressed);
            running.forEach(Thread::interrupt);
            throw new AssertionError(first.getMessage(), first);
        }
    }

    private static Thread start(String name, ConcurrentLinkedQueue<Throwable> failures, Task task, int index) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run(index);
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void join(Thread thread, long deadline, ConcurrentLinkedQueue<Throwable> failures) {
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
            if (thread.isAlive()) {
                AssertionError hangs = new AssertionError(thread.getName() + " hangs");
                hangs.setStackTrace(thread.getStackTrace());
                failures.add(hangs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add(e);
        }
    }
}
