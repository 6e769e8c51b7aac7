package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the end of a derived future, for all kinds of derivation. If the last waiter ends early, the operation is
 * withdrawn.
 */
class CancelReachesTheOperationTest {
    private final Operation<Object> operation = new Operation<>();
    private final Operation<Object> second = new Operation<>();

    static List<Deriving> twoSources() {
        return Deriving.withTwoSources();
    }

    @Test
    void cancel_chainedStage_withdrawsOperation() {
        CompletableFuture<Object> stage = operation
                .thenApply(value -> value)
                .whenComplete((value, failure) -> {})
                .handle((value, failure) -> value);
        assertTrue(stage.cancel(true));
        assertWithdrawn(operation);
    }

    @Test
    void cancel_bothBranches_withdrawsOperation() {
        CompletableFuture<?> one = operation.thenApply(value -> value).thenRun(() -> {});
        CompletableFuture<?> two = operation.thenApply(value -> value).thenRun(() -> {});
        one.cancel(true);
        assertPending(operation);
        two.cancel(true);
        assertWithdrawn(operation);
    }

    @Test
    void cancel_allLeavesOfTree_withdrawsOperation() {
        CompletableFuture<?> trunk = operation.thenApply(value -> value);
        CompletableFuture<?> limb = trunk.thenApply(value -> value);
        List<CompletableFuture<?>> leaves = List.of(
                limb.thenRun(() -> {}), trunk.thenRun(() -> {}), limb.thenRun(() -> {}), operation.thenRun(() -> {}));
        for (CompletableFuture<?> leaf : leaves) {
            assertPending(operation);
            leaf.cancel(true);
        }
        assertWithdrawn(operation);
    }

    @Test
    void cancel_diamond_withdrawsOnce() {
        CompletableFuture<Object> left = operation.thenApply(value -> value);
        CompletableFuture<Object> right = operation.thenApply(value -> value);
        CompletableFuture<Object> both = left.thenCombine(right, (one, two) -> one);
        both.cancel(true);
        assertWithdrawn(operation);
        assertEquals(1, operation.attempts());
    }

    @Test
    void cancel_hundredDiamonds_withdrawsOperation() {
        CompletableFuture<Object> last = operation;
        for (int i = 0; i < 100; i++) {
            last = last.thenApply(value -> value).thenCombine(last.thenApply(value -> value), (one, two) -> one);
        }
        last.cancel(true);
        assertWithdrawn(operation);
    }

    @Test
    void cancel_sameFutureAsBothSources_withdrawsOnce() {
        operation.thenCombine(operation, (one, two) -> one).cancel(true);
        assertWithdrawn(operation);
        assertEquals(1, operation.attempts());
    }

    @ParameterizedTest
    @MethodSource("twoSources")
    void cancel_pair_withdrawsBothSources(Deriving method) {
        CompletableFuture<Object> stage = method.on(operation, second, Runnable::run, (one, two) -> null);
        stage.cancel(true);
        assertWithdrawn(operation);
        assertWithdrawn(second);
    }

    @ParameterizedTest
    @MethodSource("twoSources")
    void cancel_pairWithPlainFuture_withdrawsOwnSourceOnly(Deriving method) {
        CompletableFuture<Object> plain = new CompletableFuture<>();
        method.on(operation, plain, Runnable::run, (one, two) -> null).cancel(true);
        assertWithdrawn(operation);
        assertFalse(plain.isDone());
    }

    @ParameterizedTest
    @MethodSource("twoSources")
    void cancel_pairWithOneSourceDone_withdrawsPendingSource(Deriving method) {
        if (method.isEither()) {
            return;
        }
        CompletableFuture<Object> first = method.on(operation, second, Runnable::run, (one, two) -> null);
        operation.finish("value");
        first.cancel(true);
        assertWithdrawn(second);
    }

    /**
     * Checks the futures between the cancelled future and the operations. Such a future must end too, because a later
     * waiter would otherwise wait forever.
     */
    @ParameterizedTest
    @MethodSource("twoSources")
    void cancel_stageBelowPair_endsPair(Deriving method) {
        CompletableFuture<Object> pair = method.on(operation, second, Runnable::run, (one, two) -> null);
        pair.thenRun(() -> {}).cancel(true);
        assertWithdrawn(operation);
        assertWithdrawn(second);
        assertTrue(pair.isCompletedExceptionally(), pair::toString);
    }

    @ParameterizedTest
    @MethodSource("twoSources")
    void cancel_stageBelowHalfDonePair_endsPair(Deriving method) {
        if (method.isEither()) {
            return;
        }
        CompletableFuture<Object> pair = method.on(operation, second, Runnable::run, (one, two) -> null);
        CompletableFuture<?> stage = pair.thenRun(() -> {});
        operation.finish("value");
        stage.cancel(true);
        assertWithdrawn(second);
        assertTrue(pair.isCompletedExceptionally(), pair::toString);
    }

    @Test
    void cancel_pairWithOneSourceKept_withdrawsOtherSource() {
        CompletableFuture<?> keeper = operation.thenRun(() -> {});
        operation.thenCombine(second, (one, two) -> one).cancel(true);
        assertPending(operation);
        assertWithdrawn(second);
        assertFalse(keeper.isDone());
    }

    @Test
    void stage_endedInAnyWay_withdrawsOperation() {
        RecordingContext context = new RecordingContext();
        List<Consumer<CompletableFuture<Object>>> ways = List.of(
                future -> assertTrue(future.cancel(false)),
                future -> assertTrue(future.complete("other")),
                future -> assertTrue(future.completeExceptionally(new IllegalStateException())),
                future -> future.completeAsync(() -> "other"),
                future -> future.completeAsync(() -> {
                    throw new IllegalStateException();
                }),
                future -> future.orTimeout(1, TimeUnit.SECONDS),
                future -> future.completeOnTimeout("late", 1, TimeUnit.SECONDS));
        for (Consumer<CompletableFuture<Object>> way : ways) {
            Operation<Object> root = new Operation<>(context);
            CompletableFuture<Object> stage = root.thenApply(value -> value);
            way.accept(stage);
            context.alarms.forEach(RecordingContext.Alarm::run);
            assertTrue(stage.isDone());
            assertWithdrawn(root);
        }
    }

    private static void assertWithdrawn(Operation<?> operation) {
        assertEquals(1, operation.withdrawals());
        assertTrue(operation.isCancelled(), operation::toString);
    }

    private static void assertPending(Operation<?> operation) {
        assertEquals(0, operation.attempts());
        assertFalse(operation.isDone());
    }
}
