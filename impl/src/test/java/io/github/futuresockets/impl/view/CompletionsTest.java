package io.github.futuresockets.impl.view;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Tests the order and the bounds of {@link Completions}. */
class CompletionsTest {
    private final Completions completions = new Completions();
    private final Runnable a = () -> {};
    private final Runnable b = a::run;
    private final Runnable c = a::run;

    @Test
    void next_futures_inOrder() {
        completions.add(a);
        completions.add(b);
        assertSame(a, completions.next());
        assertTrue(completions.hasNext());
        assertSame(b, completions.next());
        assertFalse(completions.hasNext());
        assertNull(completions.next());
    }

    @Test
    void next_messageWhileAnotherIsHandled_waits() {
        completions.addMessage(a);
        completions.addMessage(b);
        assertSame(a, completions.next());
        assertFalse(completions.hasNext());
        assertNull(completions.next());
        completions.handled();
        assertTrue(completions.hasNext());
        assertSame(b, completions.next());
    }

    @Test
    void next_futureWhileMessageIsHandled_doesNotWait() {
        completions.addMessage(a);
        completions.next();
        completions.add(b);
        assertTrue(completions.hasNext());
        assertSame(b, completions.next());
    }

    @Test
    void isFull_twoStepsOfAKind() {
        completions.add(a);
        completions.addMessage(b);
        assertFalse(completions.isFull(), "the next read begins before the steps");
        completions.addMessage(c);
        assertTrue(completions.isFull());
        assertSame(a, completions.next());
        assertSame(b, completions.next());
        assertFalse(completions.isFull(), "a running step does not count");
        completions.add(a);
        completions.add(a);
        assertTrue(completions.isFull());
    }
}
