package io.github.futuresockets.impl.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the places of {@link Calls} and the moves between the places. */
class CallsTest {
    private static final IOException CAUSE = new IOException("on purpose");

    private final Calls<String> calls = new Calls<>(2, 3);
    private final Call<String> a = call();
    private final Call<String> b = call();
    private final Call<String> c = call();

    private static Call<String> call() {
        return new Call<>(null, null, ByteBuffer.allocate(0));
    }

    private void add(List<Call<String>> all) {
        all.forEach(each -> assertTrue(calls.add(each)));
    }

    private List<Call<String>> completed() {
        List<Call<String>> all = new ArrayList<>();
        for (Call<String> each = calls.toComplete(); each != null; each = calls.toComplete()) {
            all.add(each);
        }
        return all;
    }

    @Test
    void toSend_givesCallsInOrderUpToInFlight() {
        add(List.of(a, b, c));
        assertSame(a, calls.toSend());
        assertSame(b, calls.toSend());
        assertTrue(a.alone);
        assertFalse(b.alone);
        assertNull(calls.toSend());
        calls.reply("for a");
        assertSame(c, calls.toSend());
        assertNull(calls.toSend());
    }

    @Test
    void add_beyondMostWaiting_isRefused() {
        add(List.of(a, b, c));
        assertFalse(calls.add(call()));
        calls.forget(b);
        assertTrue(calls.add(call()));
        calls.toSend();
        assertTrue(calls.add(call()), "a sent call does not wait");
    }

    @Test
    void forget_sentCall_keepsItsPlace() {
        add(List.of(a, b));
        calls.toSend();
        calls.toSend();
        calls.forget(a);
        calls.reply("for a");
        calls.reply("for b");
        assertEquals("for b", b.reply);
        assertEquals(List.of(a, b), completed());
    }

    @Test
    void beginRead_onlyWhileReplyIsDueAndNoReadIsPending() {
        assertFalse(calls.beginRead());
        add(List.of(a, b));
        assertFalse(calls.beginRead(), "nothing was sent");
        calls.toSend();
        calls.toSend();
        assertTrue(calls.beginRead());
        assertFalse(calls.beginRead(), "a read is pending");
        calls.reply("for a");
        assertTrue(calls.beginRead());
        calls.reply("for b");
        assertFalse(calls.beginRead(), "no reply is due");
    }

    @Test
    void beginRead_twoAnsweredCalls_waitsForACompletion() {
        add(List.of(a, b, c));
        calls.toSend();
        calls.toSend();
        calls.reply("for a");
        calls.toSend();
        assertTrue(calls.beginRead(), "the next read begins before the completion");
        calls.reply("for b");
        assertFalse(calls.beginRead());
        assertSame(a, calls.toComplete());
        assertTrue(calls.hasAnswered());
        assertTrue(calls.beginRead());
    }

    @Test
    void fail_fromACall_keepsEarlierCalls() {
        add(List.of(a, b, c));
        calls.toSend();
        calls.toSend();
        calls.fail(CAUSE, b);
        assertEquals(List.of(b, c), completed());
        assertSame(CAUSE, b.cause);
        assertSame(CAUSE, c.cause);
        calls.reply("for a");
        assertEquals(List.of(a), completed());
        assertNull(a.cause);
        assertSame(CAUSE, calls.failure());
        assertFalse(calls.add(call()));
    }

    @Test
    void fail_fromAnAnsweredCall_failsWaitingCallsAlone() {
        add(List.of(a, b, c));
        calls.toSend();
        calls.toSend();
        calls.reply("for a");
        calls.fail(CAUSE, a);
        assertEquals(List.of(a, c), completed());
        assertNull(a.cause);
        assertNull(b.cause);
        calls.reply("for b");
        assertEquals(List.of(b), completed());
    }

    @Test
    void fail_ofARead_failsAllInOrderAndKeepsFirstFailure() {
        add(List.of(a, b, c));
        calls.toSend();
        calls.toSend();
        assertTrue(calls.beginRead());
        calls.fail(CAUSE, null);
        calls.fail(new IOException("later"), null);
        assertEquals(List.of(a, b, c), completed());
        assertSame(CAUSE, calls.failure());
        assertNull(calls.toSend());
        assertFalse(calls.beginRead());
        assertFalse(calls.hasAnswered());
    }

    @Test
    void reply_withoutCall_isDropped() {
        add(List.of(a));
        calls.toSend();
        assertTrue(calls.beginRead());
        calls.fail(CAUSE, a);
        calls.reply("for a");
        assertEquals(List.of(a), completed());
        assertNull(a.reply);
    }
}
