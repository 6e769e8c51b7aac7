package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests which timers wake a loop, how long a loop sleeps, and which timers run. */
class TimersTest {
    private final Timers timers = new Timers();

    private Timers.Timer add(long seconds) {
        return timers.add(TimeUnit.SECONDS.toNanos(seconds), () -> {});
    }

    @Test
    void timer_laterThanFirst_doesNotWakeLoop() {
        add(100);
        assertTrue(timers.delay() > 90_000);
        assertFalse(timers.isSooner(add(200)));
        assertTrue(timers.isSooner(add(50)));
    }

    @Test
    void timer_loopSleepsForEver_wakesLoop() {
        assertEquals(0, timers.delay());
        assertTrue(timers.isSooner(add(100)));
    }

    /**
     * Models a connection with requests. Each request completes a read with a time-out, and the next read begins while
     * the loop sleeps.
     */
    @Test
    void timer_sameDelayAsRemovedTimer_doesNotWakeLoop() {
        timers.remove(add(100));
        assertTrue(timers.delay() > 90_000);
        assertFalse(timers.isSooner(add(100)));
    }

    @Test
    void delay_noTimerForOneSleep_isForEver() {
        timers.remove(add(100));
        timers.delay();
        assertEquals(0, timers.delay());
    }

    private final List<String> rung = new ArrayList<>();

    private Timers.Timer addDue(String name) {
        return timers.add(0, () -> rung.add(name));
    }

    /** Waits until a timer without a delay is due. */
    private void expire() {
        long start = System.nanoTime();
        while (System.nanoTime() == start) {
            Thread.onSpinWait();
        }
        timers.expire(Runnable::run);
    }

    @Test
    void expire_dueTimers_runInTheOrderOfTheirTimes() {
        timers.add(1, () -> rung.add("second"));
        timers.add(-1_000_000, () -> rung.add("first"));
        timers.add(TimeUnit.HOURS.toNanos(1), () -> rung.add("never"));
        expire();
        assertEquals(List.of("first", "second"), rung);
        assertTrue(timers.delay() > 1_000, "the last timer is not due");
    }

    /** Adds many timers for the same instant. The times of some timers are equal, to the nanosecond. */
    @Test
    void expire_equalTimes_runsEachTimer() {
        long due = System.nanoTime();
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String name = "timer " + i;
            expected.add(name);
            timers.add(due - System.nanoTime(), () -> rung.add(name));
        }
        expire();
        assertEquals(expected.size(), rung.size());
        assertEquals(expected, new HashSet<>(rung));
    }

    @Test
    void remove_dueTimer_doesNotRun() {
        Timers.Timer removed = addDue("removed");
        addDue("kept");
        timers.remove(removed);
        expire();
        assertEquals(List.of("kept"), rung);
    }

    @Test
    void remove_withinEarlierTimer_doesNotRun() {
        Timers.Timer[] second = new Timers.Timer[1];
        timers.add(0, () -> timers.remove(second[0]));
        second[0] = addDue("removed");
        expire();
        assertEquals(List.of(), rung);
    }

    @Test
    void remove_afterRun_hasNoEffect() {
        Timers.Timer timer = addDue("once");
        expire();
        timers.remove(timer);
        expire();
        assertEquals(List.of("once"), rung);
    }

    @Test
    void expire_taskThrows_leavesTheRestToTheNextCall() {
        timers.add(0, () -> {
            throw new IllegalStateException("broken");
        });
        addDue("next");
        assertThrows(IllegalStateException.class, this::expire);
        expire();
        assertEquals(List.of("next"), rung);
    }

    @Test
    void add_withinTask_isKept() {
        timers.add(0, () -> add(100));
        expire();
        long delay = timers.delay();
        assertTrue(delay > 90_000 && delay <= 100_001, () -> "delay of " + delay);
    }

    @Test
    void delay_dueTimer_isAtLeastOne() {
        addDue("due");
        assertEquals(1, timers.delay(), "0 would be a sleep for ever");
    }

    @Test
    void add_longestDelay_isFarAway() {
        addDue("due");
        timers.add(Long.MAX_VALUE, () -> rung.add("never"));
        expire();
        assertEquals(List.of("due"), rung);
    }
}
