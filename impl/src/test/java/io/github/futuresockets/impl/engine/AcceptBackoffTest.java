package io.github.futuresockets.impl.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests {@link AcceptBackoff}. */
class AcceptBackoffTest {
    private final AcceptBackoff backoff = new AcceptBackoff();

    private long failure() {
        backoff.end();
        return Duration.ofNanos(backoff.begin()).toMillis();
    }

    @Test
    void begin_failuresInARow_doublesUpToASecond() {
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            pauses.add(failure());
        }
        assertEquals(List.of(5L, 10L, 20L, 40L, 80L, 160L, 320L, 640L, 1000L, 1000L), pauses);
    }

    @Test
    void succeeded_afterFailures_startsAnew() {
        failure();
        failure();
        assertTrue(backoff.isFailing());
        backoff.succeeded();
        assertFalse(backoff.isFailing());
        assertEquals(5, failure());
    }

    @Test
    void end_duringPause_isFailingAndNotOn() {
        assertFalse(backoff.isOn());
        backoff.begin();
        assertTrue(backoff.isOn());
        backoff.end();
        assertFalse(backoff.isOn());
        assertTrue(backoff.isFailing());
    }

    @Test
    void takeUnlogged_secondWithinAMinute_isZero() {
        failure();
        failure();
        assertEquals(2, backoff.takeUnlogged());
        failure();
        assertEquals(0, backoff.takeUnlogged());
    }
}
