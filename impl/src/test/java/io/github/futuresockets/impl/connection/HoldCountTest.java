package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Tests the count of holds, with a single thread and with threads that race. */
class HoldCountTest {
    private static final int ROUNDS = 10_000;
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    private final HoldCount holds = new HoldCount();

    @AfterAll
    static void endThreads() {
        THREADS.shutdownNow();
    }

    @Test
    void release_ofTheFirstHold_ends() {
        assertTrue(holds.release());
    }

    @Test
    void release_otherFirmHold_doesNotEnd() {
        holds.hold();
        assertFalse(holds.release());
        assertTrue(holds.release());
    }

    @Test
    void release_limitedHold_doesNotEnd() {
        holds.holdLimited();
        assertFalse(holds.release());
        assertTrue(holds.isLimited());
        assertTrue(holds.releaseLimited());
        assertFalse(holds.isLimited());
    }

    @Test
    void releaseLimited_firmHold_doesNotEnd() {
        holds.holdLimited();
        assertFalse(holds.releaseLimited());
        assertFalse(holds.isLimited());
        assertTrue(holds.release());
    }

    @Test
    void endLimited_onlyLimitedHolds_ends() {
        holds.holdLimited();
        holds.holdLimited();
        assertFalse(holds.release());
        assertTrue(holds.endLimited());
        assertFalse(holds.isLimited());
        assertFalse(holds.releaseLimited());
        assertFalse(holds.releaseLimited(), "no second end");
    }

    @Test
    void endLimited_firmHold_leavesTheEndToItsRelease() {
        holds.holdLimited();
        assertFalse(holds.endLimited());
        assertFalse(holds.releaseLimited());
        holds.holdLimited();
        assertTrue(holds.release());
    }

    @Test
    void holdLimited_afterTheEnd_hasNoEffect() {
        assertTrue(holds.release());
        holds.holdLimited();
        assertFalse(holds.isLimited());
        assertFalse(holds.releaseLimited());
        assertFalse(holds.endLimited());
    }

    /**
     * Runs the actions on many counts, each action on its own thread. The threads begin each count together.
     *
     * @param make makes a count
     * @param actions return true to end the connection
     */
    private static void race(Supplier<HoldCount> make, List<Predicate<HoldCount>> actions) throws Exception {
        AtomicReferenceArray<HoldCount> counts = new AtomicReferenceArray<>(ROUNDS);
        AtomicIntegerArray arrived = new AtomicIntegerArray(ROUNDS);
        AtomicIntegerArray ends = new AtomicIntegerArray(ROUNDS);
        for (int i = 0; i < ROUNDS; i++) {
            counts.set(i, make.get());
        }
        List<Future<?>> threads = new ArrayList<>();
        for (Predicate<HoldCount> each : actions) {
            threads.add(THREADS.submit(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    arrived.incrementAndGet(i);
                    for (int spins = 1; arrived.get(i) < actions.size(); spins++) {
                        if (spins % 1_000 == 0) {
                            Thread.yield();
                        }
                    }
                    if (each.test(counts.get(i))) {
                        ends.incrementAndGet(i);
                    }
                }
            }));
        }
        for (Future<?> each : threads) {
            each.get();
        }
        for (int i = 0; i < ROUNDS; i++) {
            assertEquals(1, ends.get(i), "ends of round " + i);
        }
    }

    @Test
    void releases_thatRace_endAfterTheLast() throws Exception {
        for (int round = 0; round < 500; round++) {
            HoldCount count = new HoldCount();
            AtomicInteger left = new AtomicInteger(4);
            count.hold();
            count.holdLimited();
            count.holdLimited();
            List<Future<?>> threads = new ArrayList<>();
            for (Predicate<HoldCount> each : List.<Predicate<HoldCount>>of(
                    HoldCount::release, HoldCount::releaseLimited, HoldCount::release, HoldCount::releaseLimited)) {
                threads.add(THREADS.submit(() -> {
                    left.decrementAndGet();
                    if (each.test(count)) {
                        assertEquals(0, left.get(), "ended before the last release");
                        left.decrementAndGet();
                    }
                }));
            }
            for (Future<?> each : threads) {
                each.get();
            }
            assertEquals(-1, left.get(), "a single end");
        }
    }

    @Test
    void completionsThatComeAndGo_duringTheRelease_endOnce() throws Exception {
        Predicate<HoldCount> completion = count -> {
            count.holdLimited();
            return count.releaseLimited();
        };
        race(HoldCount::new, List.of(completion, HoldCount::release));
    }

    @Test
    void overdueCompletion_thatRacesWithItsLimit_endsOnce() throws Exception {
        race(
                () -> {
                    HoldCount count = new HoldCount();
                    count.holdLimited();
                    count.release();
                    return count;
                },
                List.of(HoldCount::releaseLimited, HoldCount::endLimited));
    }
}
