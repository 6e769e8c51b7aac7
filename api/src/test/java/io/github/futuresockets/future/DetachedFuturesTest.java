package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Tests futures made by {@code newIncompleteFuture}. The stages of such a future run after every kind of completion, by
 * a user or by the JDK.
 */
class DetachedFuturesTest {
    private final Operation<Object> operation = new Operation<>();
    private final AtomicInteger calls = new AtomicInteger();

    private CompletableFuture<Object> counted(CompletableFuture<Object> future) {
        return future.whenComplete((value, failure) -> calls.incrementAndGet());
    }

    @Test
    void newIncompleteFuture_completedByUser_runsStages() {
        CompletableFuture<Object> future = operation.newIncompleteFuture();
        CompletableFuture<Object> before = counted(future);
        assertTrue(future.complete("value"));
        assertEquals("value", before.join());
        assertEquals("value", counted(future).join());
        assertEquals(2, calls.get());
        assertFalse(operation.isDone());
    }

    @Test
    void newIncompleteFuture_failed_passesBareFailure() {
        IOException thrown = new IOException();
        CompletableFuture<Object> future = operation.newIncompleteFuture();
        CompletableFuture<Throwable> before = future.handle((value, failure) -> failure);
        future.completeExceptionally(new CompletionException(thrown));
        assertSame(thrown, before.join());
        assertSame(thrown, future.<Throwable>handle((value, failure) -> failure).join());
    }

    /**
     * Covers completion from inside the JDK. For a single future, {@code anyOf} returns a future made by
     * {@code newIncompleteFuture}.
     */
    @Test
    void anyOf_completedByJdk_runsStages() {
        CompletableFuture<Object> future = CompletableFuture.anyOf(operation);
        assertInstanceOf(OperationFuture.class, future);
        CompletableFuture<Object> before = counted(future);
        assertFalse(before.isDone());
        operation.finish("value");
        assertEquals("value", before.join());
        assertEquals("value", counted(future).join());
        assertEquals(2, calls.get());
    }

    @Test
    void anyOf_alreadyDone_runsStages() {
        operation.finish("value");
        CompletableFuture<Object> future = CompletableFuture.anyOf(operation);
        assertInstanceOf(OperationFuture.class, future);
        assertEquals("value", counted(future).getNow("nothing"));
        assertEquals(
                "value",
                Operation.done(1)
                        .thenCompose(one -> CompletableFuture.anyOf(operation))
                        .getNow("nothing"));
        assertEquals(
                "value",
                Operation.done(1)
                        .thenCombine(CompletableFuture.anyOf(operation), (one, two) -> two)
                        .getNow("nothing"));
        assertEquals(1, calls.get());
    }

    @Test
    void anyOf_alreadyFailed_passesBareFailure() {
        IOException thrown = new IOException();
        operation.fail(thrown);
        CompletableFuture<Object> future = CompletableFuture.anyOf(operation);
        assertSame(thrown, future.<Throwable>handle((value, failure) -> failure).getNow(null));
    }
}
