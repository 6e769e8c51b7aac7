package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Tests the states of the end of the input. */
class EndOfInputTest {
    private final EndOfInput input = new EndOfInput();
    private final IOException failure = new IOException("broken");

    @Test
    void ended_regularly_isReportedOnce() {
        assertNull(input.toReport());
        input.ended(null);
        assertTrue(input.isEnded() && input.isDrained());
        assertSame(EndOfInput.REGULAR, input.toReport());
        assertNull(input.toReport());
        assertNull(input.failure());
    }

    @Test
    void ended_withFailure_keepsTheFirst() {
        input.ended(failure);
        input.ended(null);
        assertSame(failure, input.failure());
        assertFalse(input.isEnded());
    }

    @Test
    void drainThenEnd_regular_drainsAsReadsAsk() {
        assertTrue(input.drainThenEnd(EndOfInput.REGULAR));
        assertTrue(input.isEnding() && input.isDraining());
        assertFalse(input.isDrainingEagerly());
        assertNull(input.end());
        input.endDraining();
        assertSame(EndOfInput.REGULAR, input.end());
        assertFalse(input.isEnded(), "the peer has not ended its stream");
        assertFalse(input.isDraining() || input.isDrained());
    }

    @Test
    void drainThenEnd_failure_replacesRegularAndStays() {
        assertTrue(input.drainThenEnd(EndOfInput.REGULAR));
        assertTrue(input.drainThenEnd(failure));
        assertTrue(input.isDrainingEagerly());
        assertFalse(input.drainThenEnd(EndOfInput.REGULAR));
        input.ended(null);
        assertSame(failure, input.end(), "the last call is the outcome, even after the end of the transport");
    }

    @Test
    void toReport_endAndDrain_areReportedApart() {
        input.drainThenEnd(failure);
        input.endDraining();
        assertSame(failure, input.toReport());
        assertNull(input.toReport());
        input.ended(null);
        assertSame(failure, input.toReport());
        assertNull(input.toReport());
    }

    @Test
    void abort_isNotReported() {
        input.abort();
        assertEquals(EndOfInput.REGULAR, input.end());
        assertTrue(input.isDrained());
        assertNull(input.toReport());
    }
}
