package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests the batches of a loop's tasks. */
class TaskQueueTest {
    private static final int THREADS = 4;
    private static final int TASKS = 5_000;

    private final TaskQueue queue = new TaskQueue();
    private final List<String> done = new ArrayList<>();

    private void add(String name) {
        assertTrue(queue.add(() -> done.add(name)));
    }

    private void run() {
        queue.run(Runnable::run);
    }

    @Test
    void run_severalTasks_keepsTheirOrder() {
        add("a");
        add("b");
        add("c");
        assertFalse(queue.isEmpty());
        run();
        assertEquals(List.of("a", "b", "c"), done);
        assertTrue(queue.isEmpty());
    }

    @Test
    void add_withinTask_belongsToTheNextBatch() {
        queue.add(() -> add("later"));
        add("now");
        run();
        assertEquals(List.of("now"), done);
        assertFalse(queue.isEmpty());
        run();
        assertEquals(List.of("now", "later"), done);
    }

    @Test
    void run_taskThrows_leavesTheRestToTheNextRun() {
        queue.add(() -> {
            throw new IllegalStateException("broken");
        });
        add("a");
        assertThrows(IllegalStateException.class, this::run);
        assertFalse(queue.isEmpty(), "the loop must not sleep");
        add("b");
        run();
        assertEquals(List.of("a", "b"), done);
        assertTrue(queue.isEmpty());
    }

    /** Models a task whose handler waits, so that a stand-in takes the loop in the middle of a batch. */
    @Test
    void run_withinTask_runsTheRestOfTheBatchFirst() {
        queue.add(this::run);
        add("a");
        queue.add(() -> add("b"));
        run();
        run();
        assertEquals(List.of("a", "b"), done);
    }

    @Test
    void close_withTasks_isRefused() {
        add("a");
        assertFalse(queue.close());
        add("b");
        run();
        assertTrue(queue.close());
        assertEquals(List.of("a", "b"), done);
    }

    @Test
    void add_afterClose_isRefused() {
        assertTrue(queue.close());
        assertFalse(queue.add(() -> done.add("lost")));
        run();
        assertEquals(List.of(), done);
        assertTrue(queue.isEmpty());
    }

    @Test
    void add_byManyThreads_runsEachTaskOnceInTheOrderOfItsThread() throws InterruptedException {
        int[] next = new int[THREADS];
        AtomicInteger added = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger outOfOrder = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int mine = i;
            Thread thread = new Thread(() -> {
                for (int j = 0; j < TASKS; j++) {
                    int turn = j;
                    queue.add(() -> {
                        ran.incrementAndGet();
                        if (next[mine]++ != turn) {
                            outOfOrder.incrementAndGet();
                        }
                    });
                    added.incrementAndGet();
                }
            });
            threads.add(thread);
            thread.start();
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            int before = added.get();
            assertFalse(queue.isEmpty() && ran.get() < before, "a loop with tasks would sleep");
            run();
        }
        run();
        assertEquals(0, outOfOrder.get());
        for (int count : next) {
            assertEquals(TASKS, count);
        }
        assertTrue(queue.close());
    }
}
