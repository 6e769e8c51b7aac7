package io.github.futuresockets.impl.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;

/** A factory of the I/O threads of a test. Records the threads and their uncaught exceptions. */
public final class RecordingThreads implements ThreadFactory {
    private final List<Thread> made = new CopyOnWriteArrayList<>();
    private final List<Throwable> escaped = new CopyOnWriteArrayList<>();

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "test-io-" + (made.size() + 1));
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((where, failure) -> escaped.add(failure));
        made.add(thread);
        return thread;
    }

    /** Returns true if the factory has made {@code thread}. */
    public boolean made(Thread thread) {
        return made.contains(thread);
    }

    /** Returns the number of running threads. */
    public long alive() {
        return made.stream().filter(Thread::isAlive).count();
    }

    /** Returns the uncaught exceptions. */
    public List<Throwable> escaped() {
        return List.copyOf(escaped);
    }

    /** Waits for the end of all threads. */
    public void awaitEnd() {
        Await.until(() -> "the end of the I/O threads " + made, () -> alive() == 0);
    }
}
