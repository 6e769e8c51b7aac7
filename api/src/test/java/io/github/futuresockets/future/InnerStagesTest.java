package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests operations begun by the function of a composing stage. If the last waiter of the stage gives up, the operation
 * is withdrawn.
 */
class InnerStagesTest {
    private final Operation<Object> source = new Operation<>();
    private final Operation<Object> inner = new Operation<>();

    static List<Deriving> composing() {
        return Deriving.withOneSource().stream().filter(Deriving::isComposing).toList();
    }

    private CompletableFuture<Object> stage(Deriving method) {
        return method.on(source, new CompletableFuture<>(), Runnable::run, (one, two) -> inner);
    }

    private void end(Deriving method) {
        if (method.isForFailure()) {
            source.fail(new IOException());
        } else {
            source.finish("value");
        }
    }

    @ParameterizedTest
    @MethodSource("composing")
    void cancel_composedStage_withdrawsInner(Deriving method) {
        CompletableFuture<Object> stage = stage(method);
        end(method);
        Await.until(() -> inner.getNumberOfDependents() == 1);
        assertTrue(stage.cancel(false));
        assertEquals(1, inner.withdrawals());
        assertTrue(inner.isCancelled());
    }

    @ParameterizedTest
    @MethodSource("composing")
    void cancel_stageBelowComposed_withdrawsInner(Deriving method) {
        CompletableFuture<?> stage = stage(method).thenApply(value -> value).thenRun(() -> {});
        end(method);
        Await.until(() -> inner.getNumberOfDependents() == 1);
        stage.cancel(false);
        assertEquals(1, inner.withdrawals());
    }

    @ParameterizedTest
    @MethodSource("composing")
    void cancel_innerWithOtherWaiter_keepsInner(Deriving method) {
        CompletableFuture<?> keeper = inner.thenRun(() -> {});
        CompletableFuture<Object> stage = stage(method);
        end(method);
        Await.until(() -> inner.getNumberOfDependents() == 2);
        stage.cancel(false);
        assertEquals(0, inner.attempts());
        keeper.cancel(false);
        assertEquals(1, inner.withdrawals());
    }

    @Test
    void cancel_withinOwnFunction_withdrawsInner() {
        CompletableFuture<?>[] stage = new CompletableFuture<?>[1];
        stage[0] = source.thenCompose(value -> {
            stage[0].cancel(false);
            return inner;
        });
        source.finish("value");
        assertEquals(1, inner.withdrawals());
    }

    @Test
    void cancel_stageBelowWithinFunction_withdrawsInner() {
        CompletableFuture<?>[] below = new CompletableFuture<?>[1];
        CompletableFuture<Object> composed = source.thenCompose(value -> {
            below[0].cancel(false);
            return inner;
        });
        below[0] = composed.thenApply(value -> value).thenRun(() -> {});
        source.finish("value");
        assertEquals(1, inner.withdrawals());
        assertTrue(composed.isCompletedExceptionally());
    }

    @Test
    void cancel_stageWithSiblingWithinFunction_keepsInner() {
        CompletableFuture<?>[] below = new CompletableFuture<?>[2];
        CompletableFuture<Object> composed = source.thenCompose(value -> {
            below[0].cancel(false);
            below[1] = below[1].thenRun(() -> {});
            return inner;
        });
        below[0] = composed.thenApply(value -> value).thenRun(() -> {});
        below[1] = composed.thenApply(value -> value);
        source.finish("value");
        assertEquals(0, inner.attempts());
        below[1].cancel(false);
        assertEquals(1, inner.withdrawals());
    }

    /** Cancels after the end of the source, while a function waits for its executor. */
    @Test
    void cancel_beforeInnerBegins_withdrawsInner() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        CompletableFuture<?> last = source.thenApplyAsync(value -> value, tasks::add)
                .thenCompose(value -> inner)
                .thenRun(() -> {});
        source.finish("value");
        last.cancel(false);
        tasks.remove().run();
        assertTrue(inner.isDone(), "the function ran, and nobody waits for what it began");
        assertEquals(1, inner.withdrawals());
    }

    @Test
    void exceptionallyCompose_fallbackOfCancellation_isWithdrawn() {
        CompletableFuture<Object> composed = source.exceptionallyCompose(failure -> inner);
        composed.thenRun(() -> {}).cancel(false);
        assertEquals(1, source.withdrawals());
        assertEquals(1, inner.withdrawals(), "the fallback of a withdrawn operation has no one who waits for it");
        assertTrue(composed.isCompletedExceptionally());
    }

    @Test
    void handle_fallbackOfCancellation_isWithdrawn() {
        Function<CompletionStage<Object>, CompletionStage<Object>> same = stage -> stage;
        CompletableFuture<Object> composed = source.<CompletionStage<Object>>handle((value, failure) -> inner)
                .thenCompose(same);
        composed.thenRun(() -> {}).cancel(false);
        assertEquals(1, source.withdrawals());
        assertEquals(1, inner.withdrawals());
    }

    @Test
    void thenCompose_stageDerivedWithinFunction_keepsInner() {
        CompletableFuture<?>[] below = new CompletableFuture<?>[2];
        CompletableFuture<Object> composed = source.thenCompose(value -> {
            below[0].cancel(false);
            below[1] = below[1].thenRun(() -> {});
            return inner;
        });
        below[0] = composed.thenRun(() -> {});
        below[1] = composed;
        source.finish("value");
        assertEquals(0, inner.attempts());
        inner.finish("value");
        assertTrue(below[1].isDone());
        assertFalse(below[1].isCompletedExceptionally());
    }
}
