package io.github.futuresockets.impl.common;

import io.github.futuresockets.impl.support.Await;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests {@link SpareThreads}. A task runs although other tasks block all threads. */
class SpareThreadsTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private volatile boolean noTimer;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, Threads.daemons("timer")) {
        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            if (noTimer) {
                throw new OutOfMemoryError("injected");
            }
            return super.schedule(task, delay, unit);
        }
    };

    private final SpareThreads threads = new SpareThreads(Threads.daemons("alarm"), timer);

    @AfterEach
    void end() {
        release.countDown();
        threads.shutdown();
        timer.shutdown();
    }

    private void holdAThread() {
        CompletableFuture<Void> held = new CompletableFuture<>();
        threads.execute(() -> {
            held.complete(null);
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Await.value(held);
    }

    private void assertRuns() {
        CompletableFuture<Void> ran = new CompletableFuture<>();
        threads.execute(() -> ran.complete(null));
        Await.value(ran);
    }

    @Test
    void execute_allThreadsHeld_runsOnAnotherThread() {
        holdAThread();
        holdAThread();
        assertRuns();
    }

    @Test
    void execute_timerCannotBeSet_runsOnAnotherThreadAtOnce() {
        holdAThread();
        noTimer = true;
        assertRuns();
        noTimer = false;
        holdAThread();
        assertRuns();
    }
}
