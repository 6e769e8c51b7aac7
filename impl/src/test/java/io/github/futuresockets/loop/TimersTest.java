package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests which timers wake a loop, and how long a loop sleeps. */
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
}
