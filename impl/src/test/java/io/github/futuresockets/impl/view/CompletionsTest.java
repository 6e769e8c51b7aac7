package io.github.futuresockets.impl.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the order and the bounds of {@link Completions}. */
class CompletionsTest {
    private final Completions completions = new Completions();
    private final List<String> handed = new ArrayList<>();
    private final Runnable a = () -> {};
    private final Runnable b = a::run;
    private final Runnable c = a::run;

    private void addMessage(String message) {
        completions.addMessage(() -> handed.add(message));
    }

    /** Does the next step, and returns its message. */
    private String handed() {
        completions.next().run();
        return handed.remove(0);
    }

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
        addMessage("a");
        addMessage("b");
        assertEquals("a", handed());
        assertFalse(completions.hasNext());
        assertNull(completions.next());
        completions.handled();
        assertTrue(completions.hasNext());
        assertEquals("b", handed());
    }

    @Test
    void next_messagesAndFutures_inOrder() {
        completions.add(a);
        addMessage("b");
        completions.add(c);
        assertSame(a, completions.next());
        assertEquals("b", handed());
        assertSame(c, completions.next());
    }

    @Test
    void next_futureWhileMessageIsHandled_overtakesMessages() {
        addMessage("a");
        handed();
        addMessage("b");
        assertFalse(completions.hasNext());
        completions.add(c);
        assertTrue(completions.hasNext());
        assertSame(c, completions.next());
        assertNull(completions.next());
        completions.handled();
        assertEquals("b", handed());
    }

    @Test
    void isFull_twoStepsOfAKind() {
        completions.add(a);
        addMessage("b");
        assertFalse(completions.isFull(), "the next read begins before the steps");
        addMessage("c");
        assertTrue(completions.isFull());
        assertSame(a, completions.next());
        assertEquals("b", handed());
        assertFalse(completions.isFull(), "a running step does not count");
        completions.add(a);
        completions.add(a);
        assertTrue(completions.isFull());
    }
}
