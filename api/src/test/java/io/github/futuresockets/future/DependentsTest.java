package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Tests the states of the dependents of a future: none, a stack, a crowd, and the end. */
class DependentsTest {
    private final Operation<Object> source = new Operation<>();
    private final List<Integer> runs = new ArrayList<>();

    private Stage<?> dependent(int number) {
        return new Stages.Run().on(source, (Runnable) () -> runs.add(number), null);
    }

    private static Object state(Dependents<?> future) throws ReflectiveOperationException {
        Field dependents = Dependents.class.getDeclaredField("dependents");
        dependents.setAccessible(true);
        return dependents.get(future);
    }

    @Test
    void push_pendingFuture_keepsPlainStack() throws ReflectiveOperationException {
        Stage<?> newest = null;
        for (int i = 0; i < 3; i++) {
            newest = dependent(i);
            assertTrue(source.push(newest));
        }
        assertSame(newest, state(source));
        assertFalse(source.isGivenUp());
        source.finish("value");
        assertEquals(List.of(2, 1, 0), runs);
    }

    @Test
    void push_doneFuture_isRefused() {
        source.finish("value");
        Stage<?> late = dependent(0);
        assertFalse(source.push(late));
        Dependents.run(late.take());
        assertEquals(List.of(0), runs);
    }

    @Test
    void crowd_ofStack_runsMembersInSameOrder() throws ReflectiveOperationException {
        source.push(dependent(0));
        source.push(dependent(1));
        Crowd crowd = source.crowd();
        assertNotNull(crowd);
        assertSame(crowd, state(source));
        assertSame(crowd, source.crowd());
        assertTrue(source.push(dependent(2)));
        assertEquals(3, source.getNumberOfDependents());
        source.finish("value");
        assertEquals(List.of(2, 1, 0), runs);
    }

    @Test
    void crowd_withoutDependents_isNull() {
        assertNull(source.crowd());
        source.died();
        assertEquals(0, source.getNumberOfDependents());
        source.finish("value");
        assertNull(source.crowd());
        source.died();
        assertEquals("value", source.join());
    }

    @Test
    void push_afterEndOfCrowd_isRefused() {
        source.push(dependent(0));
        Crowd crowd = source.crowd();
        assertNotNull(crowd);
        source.finish("value");
        assertFalse(crowd.add(dependent(1)), "a thread with a stale crowd must find it closed");
        assertFalse(source.push(dependent(1)));
        assertEquals(List.of(0), runs);
    }

    @Test
    void close_wrappedFailure_isShownBare() {
        IOException thrown = new IOException();
        assertTrue(source.set(null, new CompletionException(thrown)));
        assertNull(source.close(new CompletionException(thrown)));
        assertSame(thrown, source.failure());
        assertFalse(source.set("late", null));
    }
}
