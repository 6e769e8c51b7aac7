package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.futuresockets.impl.memory.VirtualClock;
import io.github.futuresockets.impl.transport.IoLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the alarms of a stall time-out, on a virtual clock. */
class StallTimerTest {
    private static final long LIMIT = 100;

    private final VirtualClock clock = new VirtualClock();
    private final ConnectionHost host = mock(ConnectionHost.class);
    private final Operations operations = new Operations();
    private final StallTimer timer = new StallTimer(operations, LIMIT);

    /** All alarms that were set. A test may ring an alarm that was cancelled. */
    private final List<Runnable> alarms = new ArrayList<>();

    private Error refusal;

    /** The operations that are timed. */
    private final class Operations implements StallTimer.Watched {
        boolean waiting = true;

        /** True if the end of an operation leaves further operations. */
        boolean endless;

        final List<Long> stalls = new ArrayList<>();
        Throwable cause;

        @Override
        public boolean isWaiting() {
            assertFalse(Thread.holdsLock(timer));
            return waiting;
        }

        @Override
        public void stalled(long nanos) {
            assertFalse(Thread.holdsLock(timer));
            stalls.add(nanos);
            waiting = endless;
        }

        @Override
        public void unwatched(Throwable why) {
            assertFalse(Thread.holdsLock(timer));
            cause = why;
            waiting = false;
        }

        @Override
        public ConnectionHost engine() {
            return host;
        }

        @Override
        public IoLoop loop() {
            return null;
        }
    }

    @BeforeEach
    void prepare() {
        when(host.clock()).thenReturn(clock);
        doAnswer(call -> {
                    if (refusal != null) {
                        throw refusal;
                    }
                    alarms.add(call.getArgument(0));
                    return clock.schedule(call.getArgument(0), call.getArgument(1));
                })
                .when(host)
                .alarm(any(), anyLong(), any());
        timer.progress();
    }

    @Test
    void armTimer_noProgress_endsTheOperationAtTheLimit() {
        timer.armTimer();
        clock.advance(LIMIT - 1);
        assertEquals(List.of(), operations.stalls);
        clock.advance(1);
        assertEquals(List.of(LIMIT), operations.stalls);
        assertEquals(0, clock.pending());
    }

    @Test
    void armTimer_repeated_setsASingleAlarm() {
        timer.armTimer();
        timer.armTimer();
        assertEquals(1, clock.pending());
    }

    @Test
    void armTimer_afterAlarm_setsAnother() {
        timer.armTimer();
        clock.advance(LIMIT);
        operations.waiting = true;
        timer.progress();
        timer.armTimer();
        clock.advance(LIMIT);
        assertEquals(List.of(LIMIT, LIMIT), operations.stalls);
    }

    @Test
    void progress_postponesTheEndWithoutAnAlarm() {
        timer.armTimer();
        clock.advance(LIMIT - 1);
        timer.progress();
        assertEquals(1, alarms.size());
        clock.advance(LIMIT - 1);
        assertEquals(List.of(), operations.stalls);
        assertEquals(2, alarms.size(), "the alarm that rang too early is set for the rest");
        clock.advance(1);
        assertEquals(List.of(LIMIT), operations.stalls);
    }

    @Test
    void alarm_nothingWaits_isNotSetAgain() {
        timer.armTimer();
        operations.waiting = false;
        clock.advance(LIMIT);
        assertEquals(List.of(), operations.stalls);
        assertEquals(0, clock.pending());
    }

    @Test
    void alarm_furtherOperationWaits_isSetAgain() {
        operations.endless = true;
        timer.armTimer();
        clock.advance(LIMIT);
        assertEquals(1, operations.stalls.size());
        assertEquals(1, clock.pending());
        timer.progress();
        operations.endless = false;
        clock.advance(LIMIT);
        assertEquals(2, operations.stalls.size());
    }

    @Test
    void limit_shorterWhileWaiting_countsFromNow() {
        timer.armTimer();
        clock.advance(LIMIT / 2);
        timer.limit(10);
        assertFalse(timer.isOverdue());
        assertEquals(1, clock.pending());
        clock.advance(9);
        assertEquals(List.of(), operations.stalls);
        clock.advance(1);
        assertEquals(List.of(10L), operations.stalls);
    }

    @Test
    void limit_longerWhileWaiting_postponesTheEnd() {
        timer.armTimer();
        timer.limit(2 * LIMIT);
        clock.advance(2 * LIMIT - 1);
        assertEquals(List.of(), operations.stalls);
        clock.advance(1);
        assertEquals(List.of(2 * LIMIT), operations.stalls);
    }

    @Test
    void limit_nothingWaits_setsNoAlarm() {
        operations.waiting = false;
        timer.limit(10);
        assertEquals(0, clock.pending());
    }

    @Test
    void limit_zero_turnsTheTimerOff() {
        timer.armTimer();
        timer.limit(0);
        assertFalse(timer.isOn());
        assertEquals(0, clock.pending());
        timer.armTimer();
        clock.advance(2 * LIMIT);
        assertEquals(List.of(), operations.stalls);
        assertFalse(timer.isOverdue());
    }

    @Test
    void stop_isForGood() {
        timer.armTimer();
        timer.stop();
        assertEquals(0, clock.pending());
        timer.armTimer();
        timer.limit(10);
        clock.advance(2 * LIMIT);
        assertEquals(List.of(), operations.stalls);
    }

    @Test
    void stopUnlessNeeded_operationWaits_keepsTheAlarm() {
        timer.armTimer();
        timer.stopUnlessNeeded();
        assertEquals(1, clock.pending());
        operations.waiting = false;
        timer.stopUnlessNeeded();
        assertEquals(0, clock.pending());
    }

    @Test
    void armTimer_noAlarmCanBeSet_endsTheOperation() {
        refusal = new OutOfMemoryError("no alarm");
        timer.armTimer();
        assertSame(refusal, operations.cause);
    }

    @Test
    void alarm_cannotBeSetAgain_endsTheOperation() {
        timer.armTimer();
        timer.progress();
        clock.advance(1);
        timer.progress();
        refusal = new OutOfMemoryError("no alarm");
        clock.advance(LIMIT - 1);
        assertSame(refusal, operations.cause);
        assertEquals(List.of(), operations.stalls);
    }

    @Test
    void alarm_cancelledAndRingsLate_hasNoEffect() {
        timer.armTimer();
        timer.limit(2 * LIMIT);
        clock.advance(LIMIT);
        alarms.get(0).run();
        assertEquals(2, alarms.size(), "the cancelled alarm does not replace the alarm that is set");
        assertEquals(1, clock.pending());
        clock.advance(LIMIT);
        assertEquals(List.of(2 * LIMIT), operations.stalls);
    }

    @Test
    void alarm_ringsAfterStop_hasNoEffect() {
        timer.armTimer();
        timer.stop();
        clock.advance(LIMIT);
        alarms.get(0).run();
        assertEquals(List.of(), operations.stalls);
        assertTrue(operations.waiting);
    }

    @Test
    void isOverdue_atTheLimit() {
        clock.advance(LIMIT - 1);
        assertFalse(timer.isOverdue());
        clock.advance(1);
        assertTrue(timer.isOverdue());
    }
}
