package io.github.futuresockets.impl.stress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Runs a task on several threads, and waits for all threads up to a limit. */
public final class Parallel {
    private Parallel() {}

    /** The task of each thread, with the index of the thread. */
    public interface Task {
        void run(int index) throws Exception;
    }

    /** Runs the task on {@code threads} threads. Throws the first failure. A thread beyond the limit is a failure. */
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
