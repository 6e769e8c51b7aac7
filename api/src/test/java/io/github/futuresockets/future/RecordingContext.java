package io.github.futuresockets.future;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An I/O context without sockets. The test fires the alarms and chooses the I/O thread. */
final class RecordingContext implements IoContext {
    /** A scheduled task. A call of {@code run} is the expiry. */
    static final class Alarm extends FutureTask<@Nullable Void> {
        final long nanos;

        Alarm(Runnable task, long nanos) {
            super(task, null);
            this.nanos = nanos;
        }
    }

    final List<Alarm> alarms = new CopyOnWriteArrayList<>();
    final AtomicInteger executed = new AtomicInteger();
    volatile @Nullable Thread ioThread;

    @Override
    public boolean onIoThread() {
        return Thread.currentThread() == ioThread;
    }

    @Override
    public Executor defaultExecutor() {
        return task -> {
            executed.incrementAndGet();
            task.run();
        };
    }

    @Override
    public Future<?> schedule(Runnable task, long nanos) {
        Alarm alarm = new Alarm(task, nanos);
        alarms.add(alarm);
        return alarm;
    }

    Alarm onlyAlarm() {
        if (alarms.size() != 1) {
            throw new AssertionError("alarms: " + alarms);
        }
        return alarms.get(0);
    }
}
