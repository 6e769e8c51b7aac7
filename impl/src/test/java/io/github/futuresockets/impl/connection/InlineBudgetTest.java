package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InlineBudgetTest {
    private static final CompletableFuture<Void> COMPLETE = CompletableFuture.completedFuture(null);

    private final InlineBudget budget = new InlineBudget();
    private final ManualLoop loop = new ManualLoop();

    private void spend() {
        for (int i = 0; i < InlineBudget.LIMIT; i++) {
            budget.returns(COMPLETE);
        }
    }

    @Test
    void returns_completeOperations_spendTheBudget() {
        for (int i = 0; i < 32; i++) {
            assertFalse(budget.isSpent());
            budget.returns(COMPLETE);
        }
        assertTrue(budget.isSpent());
    }

    @Test
    void returns_pendingOperation_costsNothing() {
        for (int i = 0; i < 100; i++) {
            budget.returns(new CompletableFuture<>());
        }
        assertFalse(budget.isSpent());
    }

    @Test
    void completesLater_withDependent_refills() {
        spend();
        CompletableFuture<Void> operation = new CompletableFuture<>();
        operation.thenRun(() -> {});
        budget.completesLater(operation);
        assertFalse(budget.isSpent());
    }

    @Test
    void completesLater_withoutDependent_doesNotRefill() {
        spend();
        budget.completesLater(new CompletableFuture<>());
        assertTrue(budget.isSpent());
    }

    @Test
    void refill_startsTheWholeBudget() {
        spend();
        budget.refill();
        for (int i = 1; i < InlineBudget.LIMIT; i++) {
            budget.returns(COMPLETE);
        }
        assertFalse(budget.isSpent());
        budget.returns(COMPLETE);
        assertTrue(budget.isSpent());
    }

    @Test
    void defer_onLoop_refillsAndRunsLater() {
        spend();
        int[] runs = new int[1];
        loop.onLoop(() -> {
            budget.defer(loop, () -> runs[0]++);
            assertEquals(0, runs[0]);
        });
        assertFalse(budget.isSpent());
        loop.runAll();
        assertEquals(1, runs[0]);
    }

    @Test
    void defer_onOtherThread_doesNotRefill() {
        spend();
        budget.defer(loop, () -> {});
        assertTrue(budget.isSpent());
        assertEquals(1, loop.waiting());
    }
}
