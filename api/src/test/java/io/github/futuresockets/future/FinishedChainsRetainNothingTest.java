package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Tests the memory of long chains. If a loop keeps only its newest future, no older future stays reachable, although a
 * future is pending at every moment.
 */
class FinishedChainsRetainNothingTest {
    private static final int ROUNDS = 1_000_000;
    private static final int SAMPLE = 50_000;
    /** The maximum number of samples that may still be reachable. */
    private static final int RECENT = 4;

    private interface Turn
            extends BiFunction<CompletableFuture<Object>, Operation<Object>, CompletableFuture<Object>> {}

    @Test
    void thenCompose_longChain_retainsNoFinishedFuture() {
        loop((tail, next) -> tail.thenCompose(value -> next));
    }

    @Test
    void handle_longChain_retainsNoFinishedFuture() {
        loop((tail, next) -> tail.thenCompose(value -> next).handle((value, failure) -> value));
    }

    @Test
    void thenCombine_longChain_retainsNoFinishedFuture() {
        loop((tail, next) -> tail.thenCombine(next, (one, two) -> two));
    }

    @Test
    void thenCombine_secondSourceChain_retainsNoFinishedFuture() {
        loop((tail, next) -> next.thenCombine(tail, (one, two) -> one));
    }

    /** Covers a function with a reference to the source of its stage. */
    @Test
    void thenCombine_functionHoldingSource_retainsNoFinishedFuture() {
        loop((tail, next) -> tail.thenCombine(next, (one, two) -> tail.isDone() ? two : one));
    }

    @Test
    void copy_longChain_retainsNoFinishedFuture() {
        loop((tail, next) -> tail.thenCompose(value -> next).copy().whenComplete((value, failure) -> {}));
    }

    /** Derives each future from the previous future, before the operation of the previous future ends. */
    private static void loop(Turn turn) {
        List<WeakReference<Object>> references = new ArrayList<>();
        Operation<Object> pending = new Operation<>();
        CompletableFuture<Object> tail = pending.thenApply(value -> value);
        for (int i = 0; i < ROUNDS; i++) {
            Operation<Object> next = new Operation<>();
            tail = turn.apply(tail, next);
            if (i % SAMPLE == 0) {
                references.add(new WeakReference<>(pending));
                references.add(new WeakReference<>(tail));
            }
            pending.finish("value");
            pending = next;
        }
        assertTrue(!tail.isDone());
        assertCleared(references);
        pending.finish("last");
        assertEquals("last", tail.join());
    }

    @Test
    void doneFuture_retainsNoValueOfSources() {
        assertKeepsNothing(source -> source.thenCombine(Operation.done(1), (one, two) -> null));
        assertKeepsNothing(source -> Operation.done(1).thenCombine(source, (one, two) -> null));
        assertKeepsNothing(source -> source.applyToEither(new Operation<>(), value -> null));
        assertKeepsNothing(source -> source.thenCompose(value -> Operation.done(null)));
    }

    private static void assertKeepsNothing(UnaryOperator<CompletableFuture<Object>> derive) {
        List<WeakReference<Object>> references = new ArrayList<>();
        CompletableFuture<Object> future = ended(derive, references);
        assertCleared(references);
        assertTrue(future.isDone());
    }

    private static CompletableFuture<Object> ended(
            UnaryOperator<CompletableFuture<Object>> derive, List<WeakReference<Object>> references) {
        Operation<Object> source = new Operation<>();
        Object value = new Object();
        references.add(new WeakReference<>(source));
        references.add(new WeakReference<>(value));
        CompletableFuture<Object> future = derive.apply(source);
        source.finish(value);
        return future;
    }

    private static void assertCleared(List<WeakReference<Object>> references) {
        for (int i = 0; i < 20; i++) {
            System.gc();
            if (left(references) <= (references.size() > RECENT ? RECENT : 0)) {
                return;
            }
        }
        assertEquals(0, left(references), "of " + references.size());
    }

    private static long left(List<WeakReference<Object>> references) {
        return references.stream().filter(each -> each.get() != null).count();
    }
}
