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
import java.util.LinkedHashSet;
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

    @Test
    void reply_toACall_inAnyOrder() {
        Calls<String> byId = new Calls<>(3, 3, new LinkedHashSet<>(), true);
        for (Call<String> each : List.of(a, b, c)) {
            byId.add(each);
            byId.claim();
        }
        byId.reply(b, "for b");
        byId.reply(b, "again");
        byId.reply(c, "for c");
        assertSame(b, byId.toComplete());
        assertEquals("for b", b.reply);
        assertSame(c, byId.toComplete());
        assertFalse(byId.hasCompletions());
        byId.fail(CAUSE, null, false);
        assertSame(a, byId.toComplete());
        assertFalse(byId.hasCompletions());
    }

    @Test
    void claim_ofAViewThatReadsWhileIdle_readsUntilAFailedRead() {
        Calls<String> byId = new Calls<>(1, 1, new LinkedHashSet<>(), true);
        assertSame(Calls.Step.READ, byId.claim());
        assertSame(Calls.Step.NONE, byId.claim());
        byId.message(() -> {});
        assertSame(Calls.Step.READ, byId.claim());
        byId.fail(CAUSE, null, false);
        assertSame(Calls.Step.NONE, byId.claim());
    }

    @Test
    void claim_ofAViewThatReadsWhileIdle_neverWatches() {
        Calls<String> byId = new Calls<>(1, 1, new LinkedHashSet<>(), true);
        byId.awaitEnd(new Signal(byId, null, "a test"));
        byId.claim();
        byId.message(() -> {});
        byId.claim();
        byId.message(() -> {});
        assertSame(Calls.Step.NONE, byId.claim(), "two messages wait");
        byId.toComplete();
        assertSame(Calls.Step.READ, byId.claim());
    }

    @Test
    void claim_idleWithAWaiterForTheEnd_watches() {
        assertSame(Calls.Step.NONE, calls.claim());
        calls.awaitEnd(new Signal(calls, null, "a test"));
        assertSame(Calls.Step.WATCH, calls.claim());
        assertSame(Calls.Step.NONE, calls.claim());
        assertTrue(calls.watched(true), "bytes without a request");
        assertSame(Calls.Step.WATCH, calls.claim());
        add(List.of(a));
        toSend();
        assertFalse(calls.watched(true), "bytes of the reply");
        assertTrue(beginRead());
        calls.reply(null, "for a");
        assertSame(Calls.Step.WATCH, calls.claim());
        assertFalse(calls.watched(false));
        assertTrue(beginRead(), "the read tells the end");
    }

    @Test
    void claim_pausedWhileAReplyIsDue_doesNotWatch() {
        calls.awaitEnd(new Signal(calls, null, "a test"));
        add(List.of(a, b, c));
        toSend();
        toSend();
        beginRead();
        calls.reply(null, "for a");
        toSend();
        beginRead();
        calls.reply(null, "for b");
        assertSame(Calls.Step.NONE, calls.claim(), "two calls wait for their completion, and a reply is due");
    }

    @Test
    void claim_afterAFailure_doesNotWatch() {
        calls.awaitEnd(new Signal(calls, null, "a test"));
        calls.fail(CAUSE, null, false);
        assertSame(Calls.Step.NONE, calls.claim());
    }

    @Test
    void streamEnded_isNormalWithoutCalls() {
        Signal idle = new Signal(calls, null, "a test");
        calls.awaitEnd(idle);
        calls.streamEnded(CAUSE);
        assertSame(idle, calls.toComplete());
        assertNull(idle.cause);
        Calls<String> busy = new Calls<>(1, 1, new ArrayDeque<>(), false);
        Signal due = new Signal(busy, null, "a test");
        busy.awaitEnd(due);
        busy.add(a);
        busy.claim();
        busy.streamEnded(CAUSE);
        assertSame(CAUSE, due.cause);
        assertSame(CAUSE, a.cause);
    }
}
