package io.github.futuresockets.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.future.Await;
import io.github.futuresockets.future.Races;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that the runs of a {@link SerialDrain} neither overlap nor nest, and that each call is served. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SerialDrainTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void drain_atRest_runsWorkOnCallersThread() {
        Thread[] ran = new Thread[1];
        SerialDrain drain = new SerialDrain(() -> {
            ran[0] = Thread.currentThread();
            log.add("run");
        });
        drain.drain();
        assertSame(Thread.currentThread(), ran[0]);
        drain.drain();
        assertEquals(List.of("run", "run"), log);
    }

    @Test
    void drain_calledWithinWork_runsAgainWithoutNesting() {
        SerialDrain[] drain = new SerialDrain[1];
        drain[0] = new SerialDrain(() -> {
            log.add("begin");
            if (log.size() < 6) {
                drain[0].drain();
                drain[0].drain();
            }
            log.add("end");
        });
        drain[0].drain();
        assertEquals(List.of("begin", "end", "begin", "end", "begin", "end", "begin", "end"), log);
    }

    @Test
    void drain_millionCallsWithinWork_needNoStack() {
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        SerialDrain[] drain = new SerialDrain[1];
        drain[0] = new SerialDrain(() -> {
            if (runs.get() % 100_000 == 0) {
                deepest.accumulateAndGet(StackWalker.getInstance().walk(frames -> (int) frames.count()), Math::max);
            }
            if (runs.incrementAndGet() < 1_000_000) {
                drain[0].drain();
            }
        });
        drain[0].drain();
        assertEquals(1_000_000, runs.get());
        assertTrue(deepest.get() <= 100, deepest + " frames");
    }

    @Test
    void drain_otherThreadInWork_returnsAtOnceAndIsServedByThatThread() throws Exception {
        CountDownLatch inWork = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<Thread> runs = new ArrayList<>();
        SerialDrain drain = new SerialDrain(() -> {
            runs.add(Thread.currentThread());
            inWork.countDown();
            await(release);
        });
        Thread other = new Thread(drain::drain);
        other.start();
        inWork.await();
        drain.drain();
        drain.drain();
        assertEquals(List.of(other), runs, "the calls did not run the work");
        release.countDown();
        other.join();
        assertEquals(List.of(other, other), runs, "one run serves both calls");
        drain.drain();
        assertEquals(List.of(other, other, Thread.currentThread()), runs, "at rest again");
    }

    @Test
    void drain_workThrows_callerGetsItAndDrainStaysUsable() {
        for (Throwable thrown :
                List.of(new IllegalStateException("on purpose"), new StackOverflowError(), new Exception("checked"))) {
            Throwable[] next = {thrown};
            SerialDrain drain = new SerialDrain(() -> {
                log.add("run");
                if (next[0] != null) {
                    SerialDrainTest.<RuntimeException>raise(next[0]);
                }
            });
            assertSame(thrown, assertThrows(Throwable.class, drain::drain));
            next[0] = null;
            drain.drain();
        }
        assertEquals(6, log.size());
    }

    @Test
    void drain_workThrowsWithUnservedCall_servesCallAndThrowsFirstFailure() {
        List<Throwable> failures = List.of(new AssertionError("first"), new AssertionError("second"));
        SerialDrain[] drain = new SerialDrain[1];
        drain[0] = new SerialDrain(() -> {
            log.add("run");
            if (log.size() <= failures.size()) {
                drain[0].drain();
                SerialDrainTest.<RuntimeException>raise(failures.get(log.size() - 1));
            }
        });
        assertSame(failures.get(0), assertThrows(AssertionError.class, drain[0]::drain));
        assertEquals(3, log.size(), "both calls within the work were served");
        drain[0].drain();
        assertEquals(4, log.size());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void raise(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void drain_twoThreadsAtOnce_serveBothCalls() throws Exception {
        Queue<Integer> given = new ConcurrentLinkedQueue<>();
        List<Integer> taken = new ArrayList<>();
        boolean[] inWork = new boolean[1];
        SerialDrain drain = new SerialDrain(() -> {
            assertFalse(inWork[0], "two runs overlap");
            inWork[0] = true;
            for (Integer each = given.poll(); each != null; each = given.poll()) {
                taken.add(each);
            }
            inWork[0] = false;
        });
        Races.run("both calls are served", random -> {
            taken.clear();
            return new Races.Round(
                    () -> {
                        given.add(1);
                        drain.drain();
                    },
                    () -> {
                        given.add(2);
                        drain.drain();
                    },
                    () -> assertEquals(3, taken.stream().mapToInt(each -> each).sum(), taken::toString));
        });
    }

    @Test
    void drain_manyThreads_runsNeverOverlapAndLeaveNoItem() {
        int threads = 4;
        int each = 50_000;
        Queue<Integer> given = new ConcurrentLinkedQueue<>();
        AtomicInteger inWork = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        int[] taken = new int[1];
        SerialDrain drain = new SerialDrain(() -> {
            overlaps.addAndGet(inWork.getAndIncrement());
            while (given.poll() != null) {
                taken[0]++;
            }
            inWork.getAndDecrement();
        });
        CompletableFuture<?>[] all = new CompletableFuture<?>[threads];
        for (int i = 0; i < threads; i++) {
            all[i] = CompletableFuture.runAsync(
                    () -> {
                        for (int item = 0; item < each; item++) {
                            given.add(item);
                            drain.drain();
                        }
                    },
                    task -> new Thread(task).start());
        }
        CompletableFuture.allOf(all).join();
        Await.until(() -> given.isEmpty() && inWork.get() == 0);
        assertEquals(0, overlaps.get());
        assertEquals(threads * each, taken[0]);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(15, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
