package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.future.PairStage.Kind;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the phases of a stage with two sources, with each step done by hand. */
class PairStageTest {
    private final Operation<Object> first = new Operation<>();
    private final Operation<Object> second = new Operation<>();
    private final List<String> runs = new ArrayList<>();

    private PairStage<Object> both(CompletableFuture<?> other, Executor executor) {
        BiFunction<Object, Object, Object> function = (one, two) -> {
            runs.add(one + " " + two);
            return runs.size();
        };
        return new PairStage<>(Kind.COMBINE, other, function, executor);
    }

    private PairStage<Object> either(CompletableFuture<?> other, Executor executor) {
        Function<Object, Object> function = value -> {
            runs.add(value.toString());
            return runs.size();
        };
        return new PairStage<>(Kind.APPLY_EITHER, other, function, executor);
    }

    @Test
    void both_outcomesInEitherOrder_runFunctionAtSecond() {
        PairStage<Object> one = both(second, null);
        first.push(one.on(first, PairStage.PAIRED, null));
        one.follow(second);
        PairStage<Object> two = both(second, null);
        first.push(two.on(first, PairStage.PAIRED, null));
        two.follow(second);
        first.finish("a");
        assertEquals(List.of(), runs);
        second.finish("b");
        assertEquals(List.of("a b", "a b"), runs);
    }

    @Test
    void both_secondBeforeFirst_keepsValueUntilFirst() {
        PairStage<Object> pair = both(second, null);
        first.push(pair.on(first, PairStage.PAIRED, null));
        pair.follow(second);
        second.finish("b");
        assertFalse(pair.isDone());
        first.finish("a");
        assertEquals(List.of("a b"), runs);
    }

    @Test
    void both_twoFailures_reportsFailureOfFirst() {
        IOException one = new IOException();
        PairStage<Object> pair = both(second, null);
        first.push(pair.on(first, PairStage.PAIRED, null));
        pair.follow(second);
        second.fail(new IllegalStateException());
        first.fail(one);
        assertSame(one, pair.failure());
        assertEquals(List.of(), runs);
    }

    /** The first source ends before the pair is a dependent of the second source. */
    @Test
    void either_decidedBeforeFollow_neverFollows() {
        PairStage<Object> pair = either(second, null);
        first.push(pair.on(first, PairStage.PAIRED, null));
        first.finish("a");
        pair.follow(second);
        assertEquals(List.of("a"), runs);
        assertEquals(0, second.getNumberOfDependents());
        second.finish("b");
        assertEquals(List.of("a"), runs);
    }

    /** The pair waits for its executor, and is decided, but not done. */
    @Test
    void either_decidedBeforeExecutorRuns_ignoresSecond() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        PairStage<Object> pair = either(second, tasks::add);
        first.push(pair.on(first, PairStage.PAIRED, null));
        pair.follow(second);
        second.finish("b");
        first.finish("a");
        assertEquals(1, tasks.size());
        tasks.remove().run();
        assertEquals(List.of("b"), runs);
        assertEquals(1, pair.join());
    }

    @Test
    void either_done_leavesSlowerSource() {
        PairStage<Object> pair = either(second, null);
        first.push(pair.on(first, PairStage.PAIRED, null));
        pair.follow(second);
        assertEquals(1, second.getNumberOfDependents());
        first.finish("a");
        assertEquals(0, second.getNumberOfDependents());
        assertEquals(0, second.attempts(), "the slower source goes on");
        assertNull(pair.source());
        assertNull(pair.otherSide().source());
    }

    /** A second source with a step between the addition of the pair and the return to the pair. */
    private static final class Interrupted extends Operation<Object> {
        private final Runnable step;

        Interrupted(Runnable step) {
            this.step = step;
        }

        @Override
        boolean push(Stage<?> child) {
            step.run();
            return super.push(child);
        }
    }

    /** The end of the pair comes between the check in `follow` and the addition to the second source. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void follow_pairEndsMeanwhile_leavesSecondSource(boolean cancelled) {
        List<PairStage<Object>> pairs = new ArrayList<>();
        Operation<Object> other = new Interrupted(() -> {
            if (cancelled) {
                pairs.get(0).cancel(false);
            } else {
                first.finish("a");
            }
        });
        PairStage<Object> pair = either(other, null);
        pairs.add(pair);
        first.push(pair.on(first, PairStage.PAIRED, null));
        pair.follow(other);
        assertTrue(pair.isDone());
        assertEquals(0, other.getNumberOfDependents());
        other.thenRun(() -> {}).cancel(false);
        assertEquals(1, other.withdrawals(), "the pair waits no longer");
    }

    /** A thread that waits for the result must find no waiter at the slower source. */
    @Test
    void either_result_comesAfterRemoval() throws InterruptedException {
        Races.run("slower source", random -> {
            Operation<Object> faster = new Operation<>();
            Operation<Object> slower = new Operation<>();
            CompletableFuture<?> sibling = slower.thenRun(() -> {});
            CompletableFuture<Object> pair = random.nextBoolean()
                    ? faster.applyToEither(slower, value -> value)
                    : slower.applyToEither(faster, value -> value);
            return new Races.Round(
                    () -> faster.finish("value"),
                    () -> {
                        while (!pair.isDone()) {
                            Thread.onSpinWait();
                        }
                        sibling.cancel(false);
                    },
                    () -> assertEquals(1, slower.withdrawals()));
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void cancel_pairOfAnyKind_releasesSources(Kind kind) {
        PairStage<Object> pair = new PairStage<>(kind, second, new Object(), null);
        first.push(pair.on(first, PairStage.PAIRED, null));
        pair.follow(second);
        assertTrue(pair.cancel(false));
        assertEquals(1, first.withdrawals());
        assertEquals(1, second.withdrawals());
        assertNull(pair.source());
        assertNull(pair.otherSide().source());
    }

    @Test
    void cancel_pairWithForeignSource_leavesSource() {
        CompletableFuture<Object> foreign = new CompletableFuture<>();
        PairStage<Object> pair = both(foreign, null);
        first.push(pair.on(first, PairStage.PAIRED, null));
        pair.follow(foreign);
        assertEquals(1, foreign.getNumberOfDependents());
        pair.cancel(false);
        assertEquals(0, foreign.getNumberOfDependents());
        assertFalse(foreign.isDone());
    }

    @Test
    void done_pairOfAnyEnd_holdsNeitherFunctionNorValue() throws ReflectiveOperationException {
        for (boolean cancelled : new boolean[] {false, true}) {
            Operation<Object> other = new Operation<>();
            Operation<Object> source = new Operation<>();
            PairStage<Object> pair = both(other, null);
            source.push(pair.on(source, PairStage.PAIRED, null));
            pair.follow(other);
            other.finish("b");
            assertEquals("b", field(pair, "value"));
            if (cancelled) {
                pair.cancel(false);
            } else {
                source.finish("a");
            }
            assertTrue(pair.isDone());
            assertNull(field(pair, "function"));
            assertNull(field(pair, "value"));
            assertNull(pair.work());
        }
    }

    private static Object field(PairStage<?> pair, String name) throws ReflectiveOperationException {
        Field field = PairStage.class.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(pair);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void call_functionThatThrowsError_failsPair(Kind kind) {
        PairStage<Object> pair = new PairStage<>(kind, second, new Object(), null);
        first.push(pair.on(first, PairStage.PAIRED, null));
        pair.follow(second);
        // The function has no type of any kind, so that the call throws.
        first.finish("a");
        second.finish("b");
        assertInstanceOf(ClassCastException.class, pair.failure());
        assertNull(pair.source());
    }

    @Test
    void cancel_withinOwnFunction_keepsCancellation() {
        List<CompletableFuture<?>> pairs = new ArrayList<>();
        pairs.add(first.thenCombine(second, (one, two) -> pairs.get(0).cancel(false)));
        first.finish("a");
        second.finish("b");
        assertTrue(pairs.get(0).isCancelled());
    }

    @Test
    void awaited_firstDone_isSecond() {
        PairStage<Object> pair = both(second, null);
        first.push(pair.on(first, PairStage.PAIRED, null));
        pair.follow(second);
        assertSame(first, pair.awaited());
        first.finish("a");
        assertSame(second, pair.awaited());
    }
}
