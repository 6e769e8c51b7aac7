package io.github.futuresockets.impl.view;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Tests the states of {@link EndWatch}. */
class EndWatchTest {
    private static final IOException CAUSE = new IOException("on purpose");

    private final EndWatch end = new EndWatch();
    private final Completions completions = new Completions();
    private final Signal first = signal();
    private final Signal second = signal();

    private static Signal signal() {
        return new Signal(null, null, "a test");
    }

    @Test
    void arm_withoutWaiter_isRefused() {
        assertFalse(end.arm());
        end.add(first);
        assertTrue(end.arm());
        assertFalse(end.arm(), "armed already");
    }

    @Test
    void fired_tellsWhetherARequestWasSentMeanwhile() {
        end.add(first);
        end.sent();
        end.arm();
        assertTrue(end.fired());
        assertTrue(end.arm(), "may be armed again");
        end.sent();
        assertFalse(end.arm(), "the readable() is still pending");
        assertFalse(end.fired());
        assertTrue(end.arm());
    }

    @Test
    void end_allWaiters_getTheFirstOutcome() {
        end.add(first);
        end.add(second);
        end.remove(second);
        end.end(CAUSE, completions);
        end.end(null, completions);
        assertSame(first, completions.next());
        assertNull(completions.next());
        assertSame(CAUSE, first.cause);
        assertFalse(end.add(second), "the end is over");
        assertSame(CAUSE, second.cause);
    }

    @Test
    void end_normal_hasNoCause() {
        end.add(first);
        end.end(null, completions);
        end.end(CAUSE, completions);
        assertNull(first.cause);
        assertFalse(end.add(second));
        assertNull(second.cause);
    }
}
