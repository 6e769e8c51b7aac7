package io.github.futuresockets.impl.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;

/** Makes the I/O threads of a test, knows them, and sees what escapes from them. */
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

    /** Whether it has made this thread. */
    public boolean made(Thread thread) {
        return made.contains(thread);
    }

    /** How many of its threads run. */
    public long alive() {
        return made.stream().filter(Thread::isAlive).count();
    }

    /** What has ended a thread that should have gone on. */
    public List<Throwable> escaped() {
        return List.copyOf(escaped);
    }

    /** Waits until all its threads have ended. */
    public void awaitEnd() {
        Await.until(() -> "the end of the I/O threads " + made, () -> alive() == 0);
    }
}
