package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests the descriptions of futures, the unsupported methods, and the number of dependents. */
class DescriptionsTest {
    private final Operation<Object> operation = new Operation<>();

    @Test
    void toString_pendingOrDone_namesOperationAndState() {
        CompletableFuture<?> stage = operation.thenApply(value -> value).thenRun(() -> {});
        assertEquals("readLine from peer [pending]", operation.toString());
        assertEquals("readLine from peer [pending]", stage.toString());
        operation.finish("value");
        assertEquals("readLine from peer [done]", operation.toString());
        assertEquals("stage [done]", stage.toString());
    }

    @Test
    void toString_failed_namesFailure() {
        operation.fail(new IOException("reset"));
        assertEquals("readLine from peer [failed: java.io.IOException: reset]", operation.toString());
        assertEquals(
                "stage [failed: java.io.IOException: reset]",
                operation.thenRun(() -> {}).toString());
    }

    @Test
    void cancel_stage_namesOperationInMessage() {
        CompletableFuture<Object> stage = operation.thenApply(value -> value);
        stage.cancel(false);
        CancellationException seen = (CancellationException)
                stage.handle((value, failure) -> failure).join();
        assertEquals("readLine from peer was cancelled", seen.getMessage());
    }

    @Test
    void failed_newFuture_isDescribedAtOnce() {
        OperationFuture<Object> failed = OperationFuture.failed(null, new IOException("refused"));
        assertTrue(failed.isCompletedExceptionally());
        assertEquals("future [failed: java.io.IOException: refused]", failed.toString());
    }

    @Test
    void obtrude_anyFuture_isUnsupported() {
        for (CompletableFuture<Object> future :
                List.<CompletableFuture<Object>>of(operation, operation.copy(), operation.thenApply(value -> value))) {
            assertThrows(UnsupportedOperationException.class, () -> future.obtrudeValue("other"));
            assertThrows(UnsupportedOperationException.class, () -> future.obtrudeException(new IOException()));
            assertFalse(future.isDone());
        }
        operation.finish("value");
        assertThrows(UnsupportedOperationException.class, () -> operation.obtrudeValue("other"));
        assertEquals("value", operation.join());
    }

    @Test
    void getNumberOfDependents_countsPendingStages() {
        assertEquals(0, operation.getNumberOfDependents());
        operation.thenRun(() -> {});
        CompletableFuture<?> plain = CompletableFuture.allOf(operation, new CompletableFuture<>());
        operation.thenCombine(operation, (one, two) -> one);
        assertEquals(4, operation.getNumberOfDependents());
        operation.finish("value");
        assertEquals(0, operation.getNumberOfDependents());
        assertFalse(plain.isDone());
    }
}
