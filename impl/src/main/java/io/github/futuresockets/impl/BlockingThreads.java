package io.github.futuresockets.impl;

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
 * Threads for work that may block: look-ups of names, files, keys and certificates.
 *
 * <p>A task has one of a few places while it runs. A task that has run for some hundred milliseconds gives its place
 * to the next one and goes on without. So a task that hangs delays others for a moment at most, and work that only takes CPU
 * time occupies no more threads than are of use.
 *
 * <p>Platform threads and not virtual ones: a system call that blocks, such as the read of a FIFO, pins the carrier of a virtual
 * thread, and the JVM has no more carriers than processors.
 *
 * <p>A thread begins when there is something to do, is a daemon, and ends when it has been idle for a while.
 */
final class BlockingThreads {
    /*
     * All fields are guarded by this object's monitor, which is a leaf: tasks run and log lines are written without it.
     *
     * A task is in `queue`, then in `young`, then counted in `slow`, and then over; it may leave the queue by a cancel. `young`
     * is in the order in which its tasks have begun, so the first one is the next to lose its place. Threads that have nothing to
     * run are counted in `waiting`. While there is a queue and no free place, at least one thread waits, or runs a task and will
     * be back: it waits until the oldest young task is overdue. So no clock beside the threads is needed. Whoever takes a task and
     * leaves others in the queue wakes or starts the next thread.
     */

    /** So many threads are started at most, as a rule. */
    static final int MOST = 4_096;

    /** Of look-ups many take longer than of anything else, and still end. */
    private static final int WAITING_MILLIS = 500;

    private static final int COMPUTING_MILLIS = 200;
    private static final long IDLE = TimeUnit.SECONDS.toNanos(5);
    private static final int FIRST_MARK = 64;

    /** A piece of work. It can be cancelled from the moment it is made. */
    final class Task {
        private @Nullable Runnable work;
        private boolean cancelled;
        private long began;

        private Task(Runnable work) {
            this.work = work;
        }

        /**
         * Has the work run by one of the threads; not at all if it has been cancelled, or all sockets are closed.
         *
         * @throws RejectedExecutionException if too many tasks hang
         */
        void start() {
            add(this);
        }

        /** Takes the work out of the queue. Without effect when it has begun. */
        void cancel() {
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

    /** Whether each slow task makes room for another one beyond the place that it has given away. */
    private final boolean growing;

    private final int most;

    /** After so many nanoseconds a task has no place any more. */
    private final long patience;

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

    /** For work that mostly waits. If all of it hangs, the number of places doubles each time. */
    static BlockingThreads waiting(ThreadFactory factory, String name, int places) {
        return waiting(factory, name, places, MOST);
    }

    /** With {@code most} tasks that hang nothing more is begun. */
    static BlockingThreads waiting(ThreadFactory factory, String name, int places, int most) {
        return new BlockingThreads(factory, name, places, true, most, WAITING_MILLIS);
    }

    /** For work that mostly computes: a place for each processor. */
    static BlockingThreads computing(ThreadFactory factory, String name) {
        int places = Runtime.getRuntime().availableProcessors();
        return new BlockingThreads(factory, name, places, false, MOST, COMPUTING_MILLIS);
    }

    Task task(Runnable work) {
        return new Task(Objects.requireNonNull(work, "work"));
    }

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
            // A thread that runs a task comes back for this one.
        }
    }

    /** Sees to it that a thread comes for the queue. */
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
                ChannelLoop.guard(work);
                // An interrupt that has come late is not for the next task.
                Thread.interrupted();
            }
        } while (task != null);
    }

    private synchronized @Nullable Runnable begin(Task task) {
        Runnable work = task.work;
        task.work = null;
        return work;
    }

    /** Ends a task, and waits for another; null if this thread has been idle for long enough. */
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

    /** This thread will look for the queue again when its own task is over. */
    private void callAnother() {
        try {
            callThread();
        } catch (Throwable noThread) {
            return;
        }
    }

    private @Nullable Task await() {
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

    /** Takes their places from the young tasks that are overdue. Returns 0 if there is a place now, or the time until then. */
    private long takePlaces(long now) {
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

    private Task take(long now) {
        Iterator<Task> first = queue.iterator();
        Task task = first.next();
        first.remove();
        task.began = now;
        young.add(task);
        return task;
    }

    /** An interrupt ends it early. */
    private void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(1)));
        } catch (InterruptedException shutdown) {
            return;
        }
    }

    /** The last socket is closed: nobody waits for a task any more. */
    synchronized void shutdown() {
        shut = true;
        notifyAll();
    }

    /** The same, and the tasks that run are interrupted. */
    synchronized void shutdownNow() {
        shutdown();
        queue.clear();
        threads.forEach(Thread::interrupt);
    }
}
