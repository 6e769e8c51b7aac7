package io.github.futuresockets.impl.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the places of {@link Calls} and the moves between the places. */
class CallsTest {
    private static final IOException CAUSE = new IOException("on purpose");

    private final Calls<String> calls = new Calls<>(2, 3, new ArrayDeque<>(), false);
    private final Call<String> a = call();
    private final Call<String> b = call();
    private final Call<String> c = call();

    private static Call<String> call() {
        return new Call<>(null, null, null, ByteBuffer.allocate(0));
    }

    private void add(List<Call<String>> all) {
        all.forEach(each -> assertTrue(calls.add(each)));
    }

    @SuppressWarnings("unchecked")
    private List<Call<String>> completed() {
        List<Call<String>> all = new ArrayList<>();
        for (Runnable each = calls.toComplete(); each != null; each = calls.toComplete()) {
            all.add((Call<String>) each);
        }
        return all;
    }

    /** Claims a step, and returns the call to send, or null if the step is no send. */
    private Call<String> toSend() {
        return calls.claim() == Calls.Step.SEND ? calls.claimed() : null;
    }

    /** Claims a step. Returns true if the step is a read. */
    private boolean beginRead() {
        return calls.claim() == Calls.Step.READ;
    }

    @Test
    void claim_givesCallsInOrderUpToInFlight() {
        add(List.of(a, b, c));
        assertSame(a, toSend());
        assertSame(b, toSend());
        assertTrue(a.alone);
        assertFalse(b.alone);
        assertNull(toSend());
        calls.reply(null, "for a");
        assertSame(c, toSend());
        assertNull(toSend());
    }

    @Test
    void add_beyondMostWaiting_isRefused() {
        add(List.of(a, b, c));
        assertFalse(calls.add(call()));
        calls.forget(b);
        assertTrue(calls.add(call()));
        toSend();
        assertTrue(calls.add(call()), "a sent call does not wait");
    }

    @Test
    void forget_sentCall_keepsItsPlace() {
        add(List.of(a, b));
        toSend();
        toSend();
        calls.forget(a);
        calls.reply(null, "for a");
        calls.reply(null, "for b");
        assertEquals("for b", b.reply);
        assertEquals(List.of(a, b), completed());
    }

    @Test
    void claim_onlyWhileReplyIsDueAndNoReadIsPending() {
        assertFalse(beginRead());
        add(List.of(a, b));
        toSend();
        toSend();
        assertTrue(beginRead());
        assertFalse(beginRead(), "a read is pending");
        calls.reply(null, "for a");
        assertTrue(beginRead());
        calls.reply(null, "for b");
        assertFalse(beginRead(), "no reply is due");
    }

    @Test
    void claim_twoAnsweredCalls_waitsForACompletion() {
        add(List.of(a, b, c));
        toSend();
        toSend();
        calls.reply(null, "for a");
        toSend();
        assertTrue(beginRead(), "the next read begins before the completion");
        calls.reply(null, "for b");
        assertFalse(beginRead());
        assertSame(a, calls.toComplete());
        assertTrue(calls.hasCompletions());
        assertTrue(beginRead());
    }

    @Test
    void fail_fromACall_keepsEarlierCalls() {
        add(List.of(a, b, c));
        toSend();
        toSend();
        calls.fail(CAUSE, b, false);
        assertEquals(List.of(b, c), completed());
        assertSame(CAUSE, b.cause);
        assertSame(CAUSE, c.cause);
        calls.reply(null, "for a");
        assertEquals(List.of(a), completed());
        assertNull(a.cause);
        assertSame(CAUSE, calls.failure());
        assertFalse(calls.add(call()));
    }

    @Test
    void fail_fromAnAnsweredCall_failsWaitingCallsAlone() {
        add(List.of(a, b, c));
        toSend();
        toSend();
        calls.reply(null, "for a");
        calls.fail(CAUSE, a, false);
        assertEquals(List.of(a, c), completed());
        assertNull(a.cause);
        assertNull(b.cause);
        calls.reply(null, "for b");
        assertEquals(List.of(b), completed());
    }

    @Test
    void fail_ofARead_failsAllInOrderAndKeepsFirstFailure() {
        add(List.of(a, b, c));
        toSend();
        toSend();
        assertTrue(beginRead());
        calls.fail(CAUSE, null, false);
        calls.fail(new IOException("later"), null, false);
        assertEquals(List.of(a, b, c), completed());
        assertSame(CAUSE, calls.failure());
        assertNull(toSend());
        assertFalse(beginRead());
        assertFalse(calls.hasCompletions());
    }

    @Test
    void reply_withoutCall_isDropped() {
        add(List.of(a));
        toSend();
        assertTrue(beginRead());
        calls.fail(CAUSE, a, false);
        calls.reply(null, "for a");
        assertEquals(List.of(a), completed());
        assertNull(a.reply);
    }
}
