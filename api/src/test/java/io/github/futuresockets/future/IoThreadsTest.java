package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Tests waits on an I/O thread. A wait for a pending future is refused, with the names of the thread and the operation.
 */
class IoThreadsTest {
    private final RecordingContext context = new RecordingContext();
    private final Operation<Object> operation = new Operation<>(context);

    private void onIoThread(Executable action) throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            context.ioThread = Thread.currentThread();
            assertDoesNotThrow(action);
            return true;
        });
        new Thread(task, "loop-1").start();
        assertTrue(task.get(20, TimeUnit.SECONDS));
    }

    @Test
    void wait_onIoThread_isRefused() throws Exception {
        Operation<Object> done = new Operation<>(context);
        done.finish("value");
        List<CompletableFuture<?>> futures = List.of(
                operation,
                operation.thenApply(value -> value),
                operation.copy(),
                operation.newIncompleteFuture(),
                operation.thenCombine(new CompletableFuture<>(), (one, two) -> one),
                done.thenCompose(value -> new CompletableFuture<>()).thenRun(() -> {}));
        onIoThread(() -> {
            for (CompletableFuture<?> future : futures) {
                refused(future::join);
                refused(future::get);
                refused(() -> future.get(1, TimeUnit.DAYS));
            }
        });
    }

    private static void refused(Executable wait) {
        IllegalStateException refusal = assertThrows(IllegalStateException.class, wait);
        assertTrue(refusal.getMessage().contains("loop-1"), refusal::getMessage);
        assertTrue(refusal.getMessage().contains("compose the futures"), refusal::getMessage);
    }

    @Test
    void wait_onIoThread_namesOperation() throws Exception {
        onIoThread(() -> {
            IllegalStateException refusal = assertThrows(
                    IllegalStateException.class,
                    () -> operation.thenRun(() -> {}).join());
            assertTrue(refusal.getMessage().contains("readLine from peer"), refusal::getMessage);
        });
    }

    @Test
    void join_doneFutureOnIoThread_givesResult() throws Exception {
        CompletableFuture<Object> stage = operation.thenApply(value -> value);
        operation.finish("value");
        onIoThread(() -> {
            assertEquals("value", operation.join());
            assertEquals("value", operation.get());
            assertEquals("value", stage.get(1, TimeUnit.DAYS));
            assertEquals("value", stage.join());
        });
    }

    @Test
    void getNow_onIoThread_givesDefault() throws Exception {
        onIoThread(() -> assertEquals("nothing", operation.getNow("nothing")));
    }

    @Test
    void get_onIoThreadOfOtherSockets_mayWait() throws Exception {
        Operation<Object> others = new Operation<>(new RecordingContext());
        Operation<Object> alone = new Operation<>();
        onIoThread(() -> {
            assertThrows(TimeoutException.class, () -> others.get(1, TimeUnit.MILLISECONDS));
            assertThrows(TimeoutException.class, () -> alone.get(1, TimeUnit.MILLISECONDS));
        });
    }

    @Test
    void asyncStage_withoutExecutor_usesExecutorOfSockets() {
        operation.thenApplyAsync(value -> value);
        operation.thenCombineAsync(Operation.done("other"), (one, two) -> one);
        operation.finish("value");
        assertEquals(2, context.executed.get());
    }
}
