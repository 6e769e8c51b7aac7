package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Tests the count of holds, with a single thread and with threads that race. */
class HoldCountTest {
    private static final int ROUNDS = 20_000;
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

    /** Runs the tasks at the same time. Returns the number of tasks that returned true. */
    private static int race(List<Callable<Boolean>> tasks) throws Exception {
        CyclicBarrier start = new CyclicBarrier(tasks.size());
        List<Future<Boolean>> outcomes = new ArrayList<>();
        for (Callable<Boolean> each : tasks) {
            outcomes.add(THREADS.submit(() -> {
                start.await();
                return each.call();
            }));
        }
        int ends = 0;
        for (Future<Boolean> each : outcomes) {
            ends += each.get() ? 1 : 0;
        }
        return ends;
    }

    @Test
    void releases_thatRace_endOnceAndAfterTheLast() throws Exception {
        for (int round = 0; round < ROUNDS / 10; round++) {
            HoldCount count = new HoldCount();
            AtomicInteger left = new AtomicInteger(4);
            count.hold();
            count.holdLimited();
            count.holdLimited();
            Callable<Boolean> firm = () -> {
                left.decrementAndGet();
                boolean last = count.release();
                assertFalse(last && left.get() > 0, "ended before the last release");
                return last;
            };
            Callable<Boolean> limited = () -> {
                left.decrementAndGet();
                boolean last = count.releaseLimited();
                assertFalse(last && left.get() > 0, "ended before the last release");
                return last;
            };
            assertEquals(1, race(List.of(firm, firm, limited, limited)));
        }
    }

    @Test
    void completionsThatComeAndGo_duringTheRelease_endOnce() throws Exception {
        for (int round = 0; round < ROUNDS / 100; round++) {
            HoldCount count = new HoldCount();
            Callable<Boolean> completions = () -> {
                boolean last = false;
                for (int i = 0; i < 100; i++) {
                    count.holdLimited();
                    boolean now = count.releaseLimited();
                    assertFalse(last && now, "a second end");
                    last |= now;
                }
                return last;
            };
            assertEquals(1, race(List.of(completions, completions, count::release)));
        }
    }

    @Test
    void overdueCompletion_thatRacesWithItsLimit_endsOnce() throws Exception {
        for (int round = 0; round < ROUNDS / 10; round++) {
            HoldCount count = new HoldCount();
            count.holdLimited();
            assertEquals(1, race(List.of(count::release, count::releaseLimited, count::endLimited)));
        }
    }
}
