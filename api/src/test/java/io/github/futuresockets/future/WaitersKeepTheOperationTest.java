package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests waiters. A waiter prevents the withdrawal of an operation, until the waiter gives up. */
class WaitersKeepTheOperationTest {
    private final Operation<Object> operation = new Operation<>();
    private final CompletableFuture<Object> stage = operation.thenApply(value -> value);

    static List<Deriving> methods() {
        return Deriving.all();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void cancel_otherStagePending_keepsOperation(Deriving method) {
        CompletableFuture<Object> other = method.on(operation, new Operation<>(), Runnable::run, (one, two) -> null);
        assertTrue(stage.cancel(false));
        assertEquals(0, operation.attempts());
        other.cancel(false);
        assertEquals(1, operation.withdrawals());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void cancel_otherPairPending_keepsOperation(Deriving method) {
        if (method.isPaired()) {
            CompletableFuture<Object> other =
                    method.on(new Operation<>(), operation, Runnable::run, (one, two) -> null);
            stage.cancel(false);
            assertEquals(0, operation.attempts());
            other.cancel(false);
            assertEquals(1, operation.withdrawals());
        }
    }

    @Test
    void join_waitingThread_keepsOperation() throws Exception {
        keptBy(operation::join);
    }

    @Test
    void get_waitingThread_keepsOperation() throws Exception {
        keptBy(operation::get);
    }

    @Test
    void timedGet_waitingThread_keepsOperation() throws Exception {
        keptBy(() -> operation.get(1, TimeUnit.DAYS));
    }

    @Test
    void join_onStageWithDependents_keepsOperation() throws Exception {
        CompletableFuture<Object> between = operation.thenApply(value -> value);
        CompletableFuture<?> below = between.thenRun(() -> {});
        FutureTask<Object> waiting = new FutureTask<>(between::join);
        Thread thread = start(waiting);
        below.cancel(false);
        stage.cancel(false);
        assertEquals(0, operation.attempts());
        operation.finish("value");
        assertEquals("value", waiting.get());
        thread.join();
    }

    private void keptBy(Callable<Object> wait) throws Exception {
        FutureTask<Object> waiting = new FutureTask<>(wait);
        Thread thread = start(waiting);
        assertTrue(stage.cancel(false));
        assertEquals(0, operation.attempts());
        operation.finish("value");
        assertEquals("value", waiting.get());
        thread.join();
    }

    private static Thread start(FutureTask<?> task) {
        Thread thread = new Thread(task, "waiter");
        thread.setDaemon(true);
        thread.start();
        Await.parked(thread);
        return thread;
    }

    @Test
    void get_timedOut_doesNotKeepOperation() {
        assertThrows(TimeoutException.class, () -> operation.get(1, TimeUnit.MILLISECONDS));
        stage.cancel(false);
        assertEquals(1, operation.withdrawals());
    }

    @Test
    void get_interrupted_doesNotKeepOperation() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, operation::get);
        stage.cancel(false);
        assertEquals(1, operation.withdrawals());
    }

    @Test
    void foreignStage_cancelled_keepsOperation() {
        List<Function<CompletableFuture<?>, CompletableFuture<?>>> foreign = List.of(
                CompletableFuture::allOf,
                CompletableFuture::anyOf,
                future -> CompletableFuture.allOf(future, new CompletableFuture<>()),
                future -> new CompletableFuture<>().thenCombine(future, (one, two) -> one),
                future -> CompletableFuture.completedFuture(1).thenCompose(value -> future));
        for (Function<CompletableFuture<?>, CompletableFuture<?>> each : foreign) {
            Operation<Object> kept = new Operation<>();
            CompletableFuture<?> other = each.apply(kept);
            kept.thenRun(() -> {}).cancel(false);
            other.cancel(false);
            assertEquals(0, kept.attempts());
        }
    }

    @Test
    void copy_pending_keepsOperation() {
        CompletableFuture<Object> copy = operation.copy();
        stage.cancel(false);
        assertEquals(0, operation.attempts());
        copy.cancel(false);
        assertEquals(0, operation.attempts(), "the cancellation of a copy reaches nothing");
        operation.thenRun(() -> {}).cancel(false);
        assertEquals(1, operation.withdrawals());
    }

    @Test
    void copy_withCancelledStage_keepsOperation() {
        CompletableFuture<Object> copy = operation.copy();
        copy.thenRun(() -> {}).cancel(false);
        stage.cancel(false);
        assertEquals(0, operation.attempts());
        operation.finish("value");
        assertEquals("value", copy.join());
    }

    @Test
    void cancel_stageBelowCopy_withdrawsNothing() {
        stage.cancel(false);
        Operation<Object> other = new Operation<>();
        other.copy().thenApply(value -> value).thenRun(() -> {}).cancel(false);
        other.copy().thenCombine(other.copy(), (one, two) -> one).cancel(false);
        other.minimalCompletionStage().toCompletableFuture().thenRun(() -> {}).cancel(false);
        assertEquals(0, other.attempts());
    }

    @Test
    void doneStage_doesNotKeepOperation() {
        CompletableFuture<Object> other = operation.thenApply(value -> value);
        other.complete("early");
        assertEquals(0, operation.attempts());
        stage.completeExceptionally(new IllegalStateException());
        assertEquals(1, operation.withdrawals());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void eitherStage_finishedByOtherSource_doesNotKeepOperation(Deriving method) {
        if (method.isEither()) {
            Operation<Object> other = new Operation<>();
            CompletableFuture<Object> own = method.on(operation, other, Runnable::run, (one, two) -> null);
            CompletableFuture<Object> turned = method.on(other, operation, Runnable::run, (one, two) -> null);
            other.finish("value");
            own.join();
            turned.join();
            assertEquals(0, operation.attempts());
            stage.cancel(false);
            assertEquals(1, operation.withdrawals());
        }
    }

    @Test
    void orTimeout_onOperation_doesNotKeepOperation() {
        Operation<Object> timed = new Operation<>(new RecordingContext());
        timed.orTimeout(1, TimeUnit.DAYS).completeOnTimeout("late", 2, TimeUnit.DAYS);
        timed.thenRun(() -> {}).cancel(false);
        assertEquals(1, timed.withdrawals());
    }

    @Test
    void orTimeout_onPendingStage_keepsOperation() {
        Operation<Object> timed = new Operation<>(new RecordingContext());
        CompletableFuture<Object> waiting = timed.thenApply(value -> value).orTimeout(1, TimeUnit.DAYS);
        timed.thenRun(() -> {}).cancel(false);
        assertEquals(0, timed.attempts());
        assertFalse(waiting.isDone());
    }
}
