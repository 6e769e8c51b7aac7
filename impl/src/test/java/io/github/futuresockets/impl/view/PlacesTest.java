package io.github.futuresockets.impl.view;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Tests the promises of {@link Places}. */
class PlacesTest {
    private final Places places = new Places(3);
    private final Completions completions = new Completions();
    private final Signal first = signal();
    private final Signal second = signal();

    private static Signal signal() {
        return new Signal(null, null, "a test");
    }

    @Test
    void take_fullQueue_isRefused() {
        assertTrue(places.take(2));
        assertFalse(places.take(3));
    }

    @Test
    void promise_moreThanFreePlaces_waits() {
        assertTrue(places.promise(1, first));
        assertTrue(places.promise(1, second));
        assertFalse(places.promise(1, signal()));
    }

    @Test
    void promise_afterPromisedPlaceIsTaken_countsThePlaceOnce() {
        assertTrue(places.promise(1, first));
        assertTrue(places.take(1));
        assertTrue(places.promise(2, second));
        assertFalse(places.promise(2, signal()));
    }

    @Test
    void offer_onePlace_wakesFirstWaiterAlone() {
        assertFalse(places.promise(3, first));
        assertFalse(places.promise(3, second));
        places.offer(2, completions);
        assertSame(first, completions.next());
        assertNull(completions.next());
        places.offer(1, completions);
        assertSame(second, completions.next());
    }

    @Test
    void offer_emptyQueue_voidsUnusedPromises() {
        assertTrue(places.promise(1, signal()));
        assertTrue(places.promise(1, signal()));
        assertFalse(places.promise(1, first), "both places are promised and not taken");
        assertFalse(places.promise(1, second));
        places.offer(0, completions);
        assertSame(first, completions.next());
        assertSame(second, completions.next());
    }

    @Test
    void remove_waiter_isNotWoken() {
        places.promise(3, first);
        places.promise(3, second);
        places.remove(first);
        places.offer(2, completions);
        assertSame(second, completions.next());
    }

    @Test
    void fail_allWaiters_haveTheCause() {
        IOException cause = new IOException("on purpose");
        places.promise(3, first);
        places.promise(3, second);
        places.fail(cause, completions);
        assertSame(first, completions.next());
        assertSame(second, completions.next());
        assertSame(cause, first.cause);
        assertSame(cause, second.cause);
        places.offer(0, completions);
        assertNull(completions.next());
    }
}
