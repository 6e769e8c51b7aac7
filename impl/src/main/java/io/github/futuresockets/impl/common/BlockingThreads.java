package io.github.futuresockets.impl.common;

import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Threads for work that may block, such as look-ups of names, files, keys and certificates.
 *
 * <p>A running task has a place, and the number of places is small. After some hundred milliseconds a task loses its
 * place to the next task, and goes on without a place. Therefore a task that hangs delays other tasks only for a
 * moment, and work that uses the CPU occupies no more threads than are of use.
 *
 * <p>The threads are platform threads. Because a blocking system call such as the read of a FIFO pins the carrier of a
 * virtual thread, a few such calls would block all virtual threads.
 *
 * <p>A thread starts on demand, is a daemon, and ends after five idle seconds.
 */
public final class BlockingThreads {
    /*
     * Guarded by this: all fields that are not final, the collections, and the fields of each task. The monitor is a
     * leaf. Tasks run and log lines are written outside the monitor.
     *
     * Transition of a task: `queue` -> `young` -> counted in `slow` -> over, by `take`, `takePlaces` and `next`. A
     * cancel removes a task from `queue`. `young` is in the order of start, so the first task in `young` is the next to
     * lose its place. `waiting` is the number of threads without a task.
     *
     * Invariant: while the queue has tasks and no place is free, at least one thread waits, or runs a task and returns
     * later. The waiting thread sleeps until the oldest young task is overdue, so no separate timer is needed. A thread
     * that takes a task and leaves other tasks in the queue wakes or starts the next thread.
     */

    /** The usual maximum number of threads. */
    static final int MAX = 4_096;

    /**
     * The time until a waiting task loses its place. Longer than for computing tasks, because many look-ups are slow
     * and still end.
     */
    private static final int WAITING_MILLIS = 500;

    private static final int COMPUTING_MILLIS = 200;
    private static final long IDLE = TimeUnit.SECONDS.toNanos(5);

    /** The number of slow tasks at the first warning. Each further warning comes at twice the number. */
    private static final int FIRST_MARK = 64;

    /** A unit of work. A task can be cancelled as soon as the task exists. */
    public final class Task {
        // guarded by BlockingThreads.this
        private @Nullable Runnable work;
        private boolean cancelled;
        private long began;

        private Task(Runnable work) {
            this.work = work;
        }

        /**
         * Queues the work for a thread. Does nothing if the task was cancelled or all sockets are closed.
         *
         * @throws RejectedExecutionException if too many tasks hang
         */
        public void start() {
            add(this);
        }

        /** Removes the task from the queue. Has no effect after the start of the work. */
        public void cancel() {
            synchronized (BlockingThreads.this) {
                cancelled = true;
                work = null;
                queue.remove(this);
            }
        }
    }

    private final ThreadFactory factory;
    private final String name;
    private final int places;

    /** True if the number of places grows by the number of slow tasks. */
    private final boolean growing;

    /** The maximum number of threads, and of slow tasks. */
    private final int most;

    /** The time until a task loses its place, in nanoseconds. */
    private final long patience;

    // guarded by this
    private final Set<Task> queue = new LinkedHashSet<>();
    private final Set<Task> young = new LinkedHashSet<>();
    private final Set<Thread> threads = new HashSet<>();
    private int slow;
    private int waiting;
    private int mark = FIRST_MARK;
    private boolean shut;

    private BlockingThreads(ThreadFactory factory, String name, int places, boolean growing, int most, int millis) {
        this.factory = factory;
        this.name = name;
        this.places = places;
        this.growing = growing;
        this.most = most;
        this.patience = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /**
     * Returns threads for work that mostly waits. Each time all places are held by tasks that hang, the number of
     * places doubles.
     */
    public static BlockingThreads waiting(ThreadFactory factory, String name, int places) {
        return waiting(factory, name, places, MAX);
    }

    /**
     * Returns threads for work that mostly waits, with a limit. After {@code most} tasks hang, no further task starts.
     */
    public static BlockingThreads waiting(ThreadFactory factory, String name, int places, int most) {
        return new BlockingThreads(factory, name, places, true, most, WAITING_MILLIS);
    }

    /** Returns threads for work that mostly computes, with a place for each processor. */
    public static BlockingThreads computing(ThreadFactory factory, String name) {
        int places = Runtime.getRuntime().availableProcessors();
        return new BlockingThreads(factory, name, places, false, MAX, COMPUTING_MILLIS);
    }

    /** Creates a task that has not started. */
    public Task task(Runnable work) {
        return new Task(Objects.requireNonNull(work, "work"));
    }

    /** Creates and starts a task. */
    void execute(Runnable work) {
        task(work).start();
    }

    private synchronized void add(Task task) {
        if (task.cancelled || shut) {
            return;
        }
        if (threads.size() >= most) {
            takePlaces(System.nanoTime());
        }
        if (slow >= most) {
            throw new RejectedExecutionException(name + ": " + slow + " tasks hang, which is the limit");
        }
        queue.add(task);
        try {
            callThread();
        } catch (Throwable noThread) {
            if (young.isEmpty()) {
                queue.remove(task);
                throw noThread;
            }
            // A thread with a running task takes this task later.
        }
    }

    /** Wakes or starts a thread for the queue, unless the maximum number of threads is reached. */
    private void callThread() {
        assert Thread.holdsLock(this);
        if (waiting > 0) {
            notify();
        } else if (threads.size() < most) {
            Thread thread = factory.newThread(this::work);
            thread.start();
            threads.add(thread);
        }
    }

    private void work() {
        Task task = null;
        do {
            task = next(task);
            Runnable work = task == null ? null : begin(task);
            if (work != null) {
                Threads.guard(work);
                // A late interrupt was for the task that is over.
                Thread.interrupted();
            }
        } while (task != null);
    }

    /** Returns the work of a task, or null if the task was cancelled. */
    private synchronized @Nullable Runnable begin(Task task) {
        Runnable work = task.work;
        task.work = null;
        return work;
    }

    /** Ends a task and waits for the next. Returns null if the thread is to end. */
    private @Nullable Task next(@Nullable Task over) {
        int hanging;
        Task next;
        synchronized (this) {
            if (over != null && !young.remove(over)) {
                slow--;
                mark = slow == 0 ? FIRST_MARK : mark;
            }
            next = await();
            hanging = slow >= mark ? slow : 0;
            while (mark <= slow) {
                mark *= 2;
            }
            if (next == null) {
                threads.remove(Thread.currentThread());
            } else if (!queue.isEmpty()) {
                callAnother();
            }
        }
        if (hanging > 0) {
            Log.log(
                    Level.WARNING,
                    hanging + " tasks of " + name + " have run for more than " + TimeUnit.NANOSECONDS.toMillis(patience)
                            + " ms each; further threads are started, up to " + most,
                    null);
        }
        return next;
    }

    /**
     * Wakes or starts another thread. Ignores a failure, because the current thread checks the queue again after its
     * own task.
     */
    private void callAnother() {
        assert Thread.holdsLock(this);
        try {
            callThread();
        } catch (Throwable noThread) {
            return;
        }
    }

    /** Waits for a task and a place. Returns null after the idle time or the shutdown. */
    private @Nullable Task await() {
        assert Thread.holdsLock(this);
        long since = System.nanoTime();
        waiting++;
        try {
            while (true) {
                long now = System.nanoTime();
                long rest;
                if (!queue.isEmpty()) {
                    rest = takePlaces(now);
                    if (rest <= 0) {
                        return take(now);
                    }
                } else {
                    rest = IDLE - (now - since);
                    if (rest <= 0 || shut) {
                        return null;
                    }
                }
                pause(rest);
            }
        } finally {
            waiting--;
        }
    }

    /**
     * Removes the overdue tasks from {@code young}. Returns 0 if a place is free, otherwise the nanoseconds until the
     * next check.
     */
    private long takePlaces(long now) {
        assert Thread.holdsLock(this);
        long rest = 0;
        for (Iterator<Task> all = young.iterator(); all.hasNext() && rest == 0; ) {
            rest = Math.max(0, patience - (now - all.next().began));
            if (rest == 0) {
                all.remove();
                slow++;
            }
        }
        return young.size() < places + (growing ? slow : 0) ? 0 : rest;
    }

    /** Moves the first task of the queue to {@code young}. */
    private Task take(long now) {
        assert Thread.holdsLock(this);
        Iterator<Task> first = queue.iterator();
        Task task = first.next();
        first.remove();
        task.began = now;
        young.add(task);
        return task;
    }

    /** Waits for a notification, a time-out of at least a millisecond, or an interrupt. */
    private void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(1)));
        } catch (InterruptedException shutdown) {
            return;
        }
    }

    /**
     * Lets the idle threads end, and ignores tasks that are started from now on. Called after the last socket is
     * closed.
     */
    public synchronized void shutdown() {
        shut = true;
        notifyAll();
    }

    /** Shuts down, removes the queued tasks and interrupts the running tasks. */
    public synchronized void shutdownNow() {
        shutdown();
        queue.clear();
        threads.forEach(Thread::interrupt);
    }
}
