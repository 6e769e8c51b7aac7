package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the order of a withdrawal. The withdrawal precedes every notification of a cancellation. A refused withdrawal
 * changes nothing.
 */
class WithdrawalOrderTest {
    private final Operation<Object> operation = new Operation<>();

    @Test
    void whenComplete_onCancelledOperation_seesWithdrawal() {
        List<Integer> seen = new ArrayList<>();
        operation.whenComplete((value, failure) -> seen.add(operation.withdrawals()));
        operation.cancel(false);
        assertEquals(List.of(1), seen);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50})
    void whenComplete_onCancelledStage_seesOperationWithdrawn(int depth) {
        List<Object> seen = new ArrayList<>();
        CompletableFuture<Object> last = operation;
        for (int i = 0; i < depth; i++) {
            last = last.thenApply(value -> value);
        }
        // The dependents do not keep the operation, because the stage is cancelled itself.
        CompletableFuture<Object> cancelled = last;
        cancelled.whenComplete((value, failure) -> {
            seen.add(operation.withdrawals());
            seen.add(operation.isDone());
        });
        CompletableFuture.allOf(cancelled).whenComplete((value, failure) -> seen.add(operation.withdrawals()));
        assertTrue(cancelled.cancel(false));
        assertEquals(3, seen.size());
        assertTrue(seen.containsAll(List.of(1, true)), seen::toString);
        assertFalse(seen.contains(0));
    }

    @Test
    void exceptionally_onCancelledStage_mayBeginNextOperation() {
        Object[] place = {operation};
        Operation<Object> read = new Operation<>() {
            @Override
            protected boolean withdraw() {
                place[0] = null;
                return super.withdraw();
            }
        };
        place[0] = read;
        boolean[] free = {false};
        CompletableFuture<Object> stage = read.thenApply(value -> value);
        stage.exceptionally(failure -> free[0] = place[0] == null);
        stage.cancel(false);
        assertTrue(free[0]);
    }

    @Test
    void cancel_operationDuringDelivery_isRefused() {
        operation.claim();
        assertFalse(operation.cancel(false));
        assertFalse(operation.complete("other"));
        assertFalse(operation.completeExceptionally(new IllegalStateException()));
        assertFalse(operation.isDone());
        assertTrue(operation.deliver("value"));
        assertEquals("value", operation.join());
    }

    @Test
    void cancel_stageDuringDelivery_dropsResult() {
        CompletableFuture<Object> stage = operation.thenApply(value -> value);
        operation.claim();
        assertTrue(stage.cancel(false));
        assertFalse(operation.isDone());
        operation.deliver("value");
        assertEquals("value", operation.join());
        assertTrue(stage.isCancelled());
    }

    @Test
    void cancel_stageBelow_failsIntermediateStageWithReason() {
        List<Throwable> seen = new ArrayList<>();
        CompletableFuture<Object> between = operation.whenComplete((value, failure) -> seen.add(failure));
        between.thenRun(() -> {}).cancel(false);
        assertEquals(1, seen.size(), "cleaning up behind an operation takes place when it is withdrawn, too");
        assertEquals(CancellationException.class, seen.get(0).getClass());
        assertEquals(
                "readLine from peer was withdrawn: nobody waits for it any more",
                seen.get(0).getMessage());
    }

    @Test
    void cancel_twice_withdrawsOnce() {
        CompletableFuture<Object> stage = operation.thenApply(value -> value);
        assertTrue(stage.cancel(false));
        assertTrue(stage.cancel(true));
        assertFalse(stage.complete("other"));
        assertTrue(operation.cancel(false));
        assertEquals(1, operation.attempts());
    }

    @Test
    void cancel_afterResult_withdrawsNothing() {
        CompletableFuture<Object> stage = operation.thenApply(value -> value);
        operation.finish("value");
        assertFalse(operation.cancel(false));
        assertFalse(stage.cancel(false));
        assertFalse(stage.complete("other"));
        assertEquals(0, operation.attempts());
    }
}
