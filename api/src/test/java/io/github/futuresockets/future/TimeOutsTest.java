package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * Tests time-outs. An expired time-out withdraws the operation and names the late operation. A completed future leaves
 * no alarm.
 */
class TimeOutsTest {
    private final RecordingContext context = new RecordingContext();
    private final Operation<Object> operation = new Operation<>(context);

    private static Throwable failure(CompletableFuture<?> future) {
        return future.handle((value, failure) -> failure).join();
    }

    @Test
    void orTimeout_operation_namesLateOperation() {
        assertSame(operation, operation.orTimeout(250, TimeUnit.MILLISECONDS));
        assertEquals(TimeUnit.MILLISECONDS.toNanos(250), context.onlyAlarm().nanos);
        context.onlyAlarm().run();
        assertEquals(TimeoutException.class, failure(operation).getClass());
        assertEquals(
                "readLine from peer: not done after 250 milliseconds",
                failure(operation).getMessage());
        assertEquals(1, operation.withdrawals());
    }

    @Test
    void orTimeout_derivedFuture_namesLateOperation() {
        CompletableFuture<?> stage = operation.thenApply(value -> value).thenRun(() -> {});
        stage.orTimeout(3, TimeUnit.SECONDS);
        context.onlyAlarm().run();
        assertEquals(
                "readLine from peer: not done after 3 seconds", failure(stage).getMessage());
        assertEquals(1, operation.withdrawals());
    }

    @Test
    void orTimeout_composedFuture_namesInnerOperation() {
        Operation<Object> inner = named("readLine from inner");
        CompletableFuture<Object> stage = operation.thenCompose(value -> inner).orTimeout(3, TimeUnit.SECONDS);
        operation.finish("value");
        context.onlyAlarm().run();
        assertEquals(
                "readLine from inner: not done after 3 seconds", failure(stage).getMessage());
        assertEquals(1, inner.withdrawals());
    }

    @Test
    void orTimeout_pair_namesPendingOperation() {
        Operation<Object> second = named("readLine from second");
        CompletableFuture<Object> stage =
                operation.thenCombine(second, (one, two) -> one).orTimeout(3, TimeUnit.SECONDS);
        operation.finish("value");
        context.onlyAlarm().run();
        assertEquals(
                "readLine from second: not done after 3 seconds", failure(stage).getMessage());
        assertEquals(1, second.withdrawals());
    }

    private Operation<Object> named(String name) {
        return new Operation<>(context) {
            @Override
            protected String describe() {
                return name;
            }
        };
    }

    @Test
    void alarm_doneFuture_isCancelled() {
        operation.orTimeout(1, TimeUnit.SECONDS).completeOnTimeout("late", 2, TimeUnit.SECONDS);
        assertEquals(2, context.alarms.size());
        context.alarms.forEach(alarm -> assertFalse(alarm.isCancelled()));
        operation.finish("value");
        context.alarms.forEach(alarm -> assertTrue(alarm.isCancelled()));
        assertEquals("value", operation.join());
    }

    @Test
    void alarm_failedOrCancelledFuture_isCancelled() {
        Operation<Object> failed = new Operation<>(context);
        Operation<Object> derived = new Operation<>(context);
        Operation<Object> withdrawn = new Operation<>(context);
        operation.orTimeout(1, TimeUnit.SECONDS).cancel(false);
        failed.orTimeout(1, TimeUnit.SECONDS);
        failed.fail(new IllegalStateException());
        derived.thenRun(() -> {}).orTimeout(1, TimeUnit.SECONDS).cancel(false);
        withdrawn.orTimeout(1, TimeUnit.SECONDS).thenRun(() -> {}).cancel(false);
        assertEquals(4, context.alarms.size());
        context.alarms.forEach(alarm -> assertTrue(alarm.isCancelled()));
    }

    @Test
    void orTimeout_doneFuture_setsNoAlarm() {
        operation.finish("value");
        assertSame(operation, operation.orTimeout(1, TimeUnit.SECONDS));
        assertSame(operation, operation.completeOnTimeout("late", 1, TimeUnit.SECONDS));
        assertTrue(context.alarms.isEmpty());
    }

    @Test
    void completeOnTimeout_elapsed_givesValueAndWithdraws() {
        CompletableFuture<Object> stage =
                operation.thenApply(value -> value).completeOnTimeout(null, 1, TimeUnit.SECONDS);
        context.onlyAlarm().run();
        assertNull(stage.join());
        assertEquals(1, operation.withdrawals());
    }

    @Test
    void orTimeout_copy_leavesOperationPending() {
        CompletableFuture<Object> copy = operation.copy().orTimeout(1, TimeUnit.SECONDS);
        context.onlyAlarm().run();
        assertEquals(
                "readLine from peer: not done after 1 seconds", failure(copy).getMessage());
        assertEquals(0, operation.attempts());
    }

    @Test
    void orTimeout_duringDelivery_losesToResult() {
        operation.orTimeout(1, TimeUnit.SECONDS);
        operation.claim();
        context.onlyAlarm().run();
        assertFalse(operation.isDone());
        operation.deliver("value");
        assertEquals("value", operation.join());
    }

    @Test
    void orTimeout_stageWaitingForExecutor_endsStage() {
        CompletableFuture<Object> stage = operation.thenApplyAsync(value -> value, task -> {});
        operation.finish("value");
        stage.orTimeout(1, TimeUnit.SECONDS);
        context.onlyAlarm().run();
        assertEquals(TimeoutException.class, failure(stage).getClass());
    }

    @Test
    void timeOut_withoutSockets_endsFuture() throws Exception {
        Operation<Object> alone = new Operation<>();
        CompletableFuture<Object> stage = alone.thenApply(value -> value);
        stage.orTimeout(1, TimeUnit.MILLISECONDS);
        ExecutionException late = assertThrows(ExecutionException.class, () -> stage.get(20, TimeUnit.SECONDS));
        assertEquals(
                "readLine from peer: not done after 1 milliseconds",
                late.getCause().getMessage());
        assertEquals(
                "late",
                new Operation<>()
                        .completeOnTimeout("late", 1, TimeUnit.MILLISECONDS)
                        .get(20, TimeUnit.SECONDS));
        Await.until(() -> alone.withdrawals() == 1);
    }

    /**
     * Checks the alarm of an operation without sockets. The alarm is a future of the JDK, and must not fire when
     * cancelled.
     */
    @Test
    void alarm_cancelledWithoutSockets_doesNotFire() {
        int[] described = {0};
        Operation<Object> counting = new Operation<>() {
            @Override
            protected String describe() {
                described[0]++;
                return super.describe();
            }
        };
        counting.orTimeout(1, TimeUnit.DAYS);
        counting.finish("value");
        assertEquals(0, described[0]);
    }
}
