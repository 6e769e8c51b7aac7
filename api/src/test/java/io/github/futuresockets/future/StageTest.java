package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the states of a stage: its size, its upstream, its work, and the flush of a delayed operation. */
class StageTest {
    private final Operation<Object> source = new Operation<>();

    static List<Deriving> oneSource() {
        return Deriving.withOneSource();
    }

    private static Stage<Object> stage(CompletableFuture<Object> future) {
        return (Stage<Object>) future;
    }

    /** A header of 12 bytes and 7 references of 4 bytes are 40 bytes. A further field would make 48 bytes. */
    @ParameterizedTest
    @MethodSource("oneSource")
    void stage_ofEveryMethod_hasSevenReferences(Deriving method) {
        CompletableFuture<Object> stage =
                method.on(source, new CompletableFuture<>(), Runnable::run, (one, two) -> null);
        List<Field> fields = fieldsOf(stage.getClass());
        assertEquals(7, fields.size(), fields::toString);
        assertTrue(fields.stream().noneMatch(field -> field.getType().isPrimitive()), fields::toString);
    }

    @Test
    void stage_ofCopy_hasSevenReferences() {
        assertEquals(7, fieldsOf(source.copy().getClass()).size());
        assertEquals(7, fieldsOf(source.minimalCompletionStage().getClass()).size());
    }

    private static List<Field> fieldsOf(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> each = type; each != Object.class; each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    @Test
    void stage_done_retainsNeitherUpstreamNorWork() {
        Stage<Object> stage = stage(source.thenApply(value -> value));
        assertSame(source, stage.source());
        assertNotNull(stage.work());
        source.finish("value");
        assertNull(stage.source());
        assertNull(stage.work());
    }

    @Test
    void stage_cancelled_retainsNeitherUpstreamNorWork() {
        CompletableFuture<?> keeper = source.thenRun(() -> {});
        Stage<Object> stage = stage(source.thenApply(value -> value));
        stage.cancel(false);
        assertNull(stage.source());
        assertNull(stage.work());
        assertFalse(keeper.isDone());
    }

    @Test
    void take_cancelledStage_runsNothing() {
        List<Object> runs = new ArrayList<>();
        Stage<Object> stage = new Stages.Apply<Object>().on(source, (Function<Object, Object>) runs::add, null);
        source.finish("value");
        stage.cancel(false);
        assertNull(stage.take());
        assertEquals(List.of(), runs);
    }

    @Test
    void take_stageWithExecutor_runsFunctionInTask() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        Stage<Object> stage = stage(source.thenApplyAsync(value -> value + "!", tasks::add));
        source.finish("value");
        assertFalse(stage.isDone());
        tasks.remove().run();
        assertEquals("value!", stage.join());
    }

    @Test
    void take_functionThatThrowsError_failsStage() {
        Error error = new AssertionError("thrown");
        Stage<Object> stage = stage(source.thenApply(value -> {
            throw error;
        }));
        CompletableFuture<?> sibling = source.thenRun(() -> {});
        source.finish("value");
        assertSame(error, stage.failure());
        assertNull(stage.work());
        assertTrue(sibling.isDone() && !sibling.isCompletedExceptionally());
    }

    @Test
    void relay_pendingInner_changesUpstream() {
        Operation<Object> inner = new Operation<>();
        Stage<Object> stage = stage(source.thenCompose(value -> inner));
        source.finish("value");
        assertSame(inner, stage.source());
        assertSame(Stage.RELAY, stage.work());
        inner.finish("inner");
        assertNull(stage.source());
        assertEquals("inner", stage.join());
    }

    @Test
    void relay_stageEndedMeanwhile_leavesInner() {
        Operation<Object> inner = new Operation<>();
        Stage<Object> stage = new Stages.Compose<Object>().on(source, (Function<Object, Object>) value -> inner, null);
        source.finish("value");
        stage.complete("early");
        stage.relay(inner);
        assertEquals(1, inner.withdrawals());
        assertEquals(0, inner.getNumberOfDependents());
        assertNull(stage.source());
    }

    /** An operation that is delayed until its flush. */
    private static final class Delayed extends Operation<Object> implements Coalesced {
        int flushes;

        @Override
        public Object queue() {
            return this;
        }

        @Override
        public void flush() {
            flushes++;
            finish("flushed");
        }
    }

    @Test
    void join_delayedOperation_isFlushedOnce() {
        Delayed delayed = new Delayed();
        assertEquals("flushed", delayed.join());
        assertEquals("flushed", delayed.join());
        assertEquals(1, delayed.flushes);
    }

    @Test
    void join_stageBelowDelayedOperation_flushesOperation() {
        Delayed delayed = new Delayed();
        CompletableFuture<Object> stage = Operation.done(1).thenCompose(value -> delayed.thenApply(word -> word));
        assertEquals("flushed!", stage.thenApply(word -> word + "!").join());
        assertEquals(1, delayed.flushes);
    }
}
