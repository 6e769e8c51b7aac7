package io.github.futuresockets.impl.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.LogRecorder;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the threads for blocking work. */
class BlockingThreadsTest {
    private static final int PLACES = 3;

    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicInteger hanging = new AtomicInteger();
    private BlockingThreads threads =
            BlockingThreads.waiting(Threads.daemons("test-blocking"), "test-blocking", PLACES);

    @AfterEach
    void release() {
        never.countDown();
        threads.shutdown();
    }

    private void hang() {
        hanging.incrementAndGet();
        try {
            never.await();
        } catch (InterruptedException end) {
            hanging.decrementAndGet();
        }
    }

    private void hang(int count) {
        for (int i = 0; i < count; i++) {
            threads.execute(this::hang);
        }
    }

    private void assertGoesOn() {
        CompletableFuture<Void> ran = new CompletableFuture<>();
        threads.execute(() -> ran.complete(null));
        Await.value(ran);
    }

    @Test
    void task_behindTasksThatHang_isRun() {
        hang(200);
        assertGoesOn();
        Await.until(() -> hanging + " hang", () -> hanging.get() == 200);
    }

    @Test
    void computation_behindTasksThatHang_isRun() {
        threads = BlockingThreads.computing(Threads.daemons("test-blocking"), "test-blocking");
        hang(4 * Runtime.getRuntime().availableProcessors());
        assertGoesOn();
    }

    @Test
    void tasks_thatEndSoon_useFewThreads() {
        threads = BlockingThreads.computing(Threads.daemons("test-blocking"), "test-blocking");
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(5_000);
        for (int i = 0; i < 5_000; i++) {
            threads.execute(() -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.yield();
                running.decrementAndGet();
                left.countDown();
            });
        }
        Await.until(() -> left.getCount() + " tasks left", () -> left.getCount() == 0);
        assertTrue(most.get() <= 500, most.get() + " tasks at the same time");
    }

    @Test
    void task_cancelledInTheQueue_isNeitherRunNorKept() {
        hang(PLACES);
        Await.until("all places are taken", () -> hanging.get() >= PLACES);
        AtomicInteger ran = new AtomicInteger();
        List<BlockingThreads.Task> tasks = new ArrayList<>();
        List<WeakReference<Object>> kept = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] payload = new byte[1_000];
            BlockingThreads.Task task = threads.task(() -> ran.addAndGet(payload.length));
            if (i % 2 == 0) {
                task.cancel();
                task.start();
            } else {
                task.start();
                task.cancel();
            }
            tasks.add(task);
            kept.add(new WeakReference<>(payload));
        }
        // A task that began between `start` and `cancel` may have run, and is not kept either.
        Await.until("the work is forgotten", () -> {
            System.gc();
            return kept.stream().allMatch(each -> each.get() == null);
        });
        assertGoesOn();
        assertTrue(ran.get() < 50 * 1_000, ran.get() + " bytes worked on");
        assertEquals(100, tasks.size());
    }

    @Test
    void task_beyondTheLimit_isRefusedByName() {
        threads = BlockingThreads.waiting(Threads.daemons("test-blocking"), "test-blocking", PLACES, 10);
        hang(10);
        Await.until("all threads hang", () -> hanging.get() == 10);
        List<RejectedExecutionException> refused = new ArrayList<>();
        Await.until("a refusal", () -> {
            try {
                threads.task(() -> {}).start();
                return false;
            } catch (RejectedExecutionException e) {
                return refused.add(e);
            }
        });
        assertTrue(refused.get(0).getMessage().contains("test-blocking: 10 tasks hang"), refused.toString());
        never.countDown();
        Await.until("it goes on", () -> {
            try {
                assertGoesOn();
                return true;
            } catch (RejectedExecutionException e) {
                return false;
            }
        });
    }

    @Test
    void manyTasksThatHang_areLogged() {
        try (LogRecorder log = new LogRecorder()) {
            hang(300);
            Await.until(log::text, () -> log.text().contains("tasks of test-blocking have run"));
        }
    }

    @Test
    void shutdownNow_interruptsAndForgets() {
        hang(PLACES);
        Await.until("all places are taken", () -> hanging.get() >= PLACES);
        threads.shutdownNow();
        Await.until("the tasks have ended", () -> hanging.get() == 0);
        threads.execute(this::hang);
        assertEquals(0, hanging.get());
    }

    @Test
    void task_thatThrows_endsNoThread() {
        for (int i = 0; i < 3 * PLACES; i++) {
            threads.execute(() -> {
                throw new AssertionError("on purpose");
            });
        }
        assertGoesOn();
        assertThrows(NullPointerException.class, () -> threads.execute(null));
    }
}
