package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the walk of a canceller: its work in steps, the waiters it finds, and its interleavings with other threads. */
class AbandonmentTest {
    private static final int MANY = 4_000;

    /** The maximum number of steps for each waiter that gives up. */
    private static final int FEW = 8;

    private final Operation<Object> operation = new Operation<>();
    private int steps;

    /** A stage that counts the looks of all searches. */
    private final class Counted extends Stage<Object> {
        @Override
        Stage<?> follower() {
            steps++;
            return this;
        }

        @Override
        Stage<?> apply(Object work, Object value, Throwable failure) {
            return done(value, failure);
        }
    }

    private CompletableFuture<Object> counted(CompletableFuture<Object> source) {
        return ((OperationFuture<Object>) source).derive(new Counted(), "work", null);
    }

    /** A step of a test with many waiters. */
    private interface Order extends Function<List<CompletableFuture<?>>, String> {}

    static Stream<Arguments> depthsAndOrders() {
        long seed = Long.getLong("futuresockets.test.seed", System.nanoTime());
        List<Order> orders = List.of(
                all -> "first to last",
                all -> {
                    Collections.reverse(all);
                    return "last to first";
                },
                all -> {
                    Collections.shuffle(all, new Random(seed));
                    return "seed " + seed;
                });
        return Stream.of(1, 2, 3).flatMap(depth -> orders.stream().map(order -> Arguments.of(depth, order)));
    }

    @ParameterizedTest
    @MethodSource("depthsAndOrders")
    void cancel_allOfMany_takesStepsInProportion(int depth, Order order) {
        List<CompletableFuture<?>> waiters = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            CompletableFuture<Object> last = operation;
            for (int stages = 0; stages < depth; stages++) {
                last = counted(last);
            }
            waiters.add(last);
        }
        String name = order.apply(waiters);
        CompletableFuture<?> last = waiters.remove(MANY - 1);
        for (CompletableFuture<?> each : waiters) {
            each.cancel(false);
        }
        assertEquals(0, operation.attempts());
        last.cancel(false);
        assertEquals(1, operation.withdrawals());
        assertEquals(1, operation.attempts());
        assertTrue(steps <= FEW * depth * MANY, () -> steps + " steps, " + name);
    }

    @Test
    void cancel_belowAbandonedStageOfMany_takesFewSteps() {
        List<CompletableFuture<Object>> abandoned = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            abandoned.add(counted(operation));
        }
        CompletableFuture<?> keeper = operation.thenRun(() -> {});
        abandoned.forEach(each -> counted(each).cancel(false));
        for (int round = 0; round < 3; round++) {
            abandoned.forEach(each -> counted(each).cancel(false));
        }
        assertTrue(steps <= 4 * FEW * MANY, () -> steps + " steps");
        assertEquals(0, operation.attempts());
        assertEquals(MANY + 1, operation.getNumberOfDependents(), "pending stages still get the result");
        keeper.cancel(false);
        assertEquals(1, operation.withdrawals());
    }

    /** Every stage of the chain has the same future as a further source, by one abandoned stage each. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancel_joinOfMany_takesStepsInProportion(boolean second) {
        CompletableFuture<Object> source = second ? operation : counted(operation);
        CompletableFuture<Object> all = counted(source);
        for (int i = 0; i < MANY; i++) {
            CompletableFuture<Object> next = counted(source);
            all = second ? next.thenCombine(all, (one, two) -> one) : all.thenCombine(next, (one, two) -> one);
        }
        all.cancel(false);
        assertEquals(1, operation.withdrawals());
        assertTrue(steps <= FEW * MANY, () -> steps + " steps");
    }

    @Test
    void cancel_diamonds_takesStepsInProportion() {
        CompletableFuture<Object> last = operation;
        for (int i = 0; i < 1_000; i++) {
            last = counted(last).thenCombine(counted(counted(last)), (one, two) -> one);
        }
        last.cancel(false);
        assertEquals(1, operation.withdrawals());
        assertTrue(steps <= 20 * 1_000, () -> steps + " steps");
    }

    @Test
    void cancel_millionStages_fitsSmallStack() throws Exception {
        CompletableFuture<Object> last = operation;
        for (int i = 0; i < 1_000_000; i++) {
            last = last.thenApply(value -> value);
        }
        CompletableFuture<Object> cancelled = last;
        FutureTask<Boolean> task = new FutureTask<>(() -> cancelled.cancel(false));
        Thread thread = new Thread(null, task, "small stack", 256 * 1024);
        thread.start();
        assertTrue(task.get(60, TimeUnit.SECONDS));
        assertEquals(1, operation.withdrawals());
    }

    /** A way to wait for a future. */
    private interface Waiting extends BiFunction<CompletableFuture<Object>, Object, CompletableFuture<?>> {}

    static Stream<Arguments> forms() {
        return Stream.of(
                form("thenApply", (source, none) -> source.thenApply(value -> value)),
                form("either", (source, none) -> source.applyToEither(new Operation<>(), value -> value)),
                form("either, second", (source, none) -> new Operation<>().applyToEither(source, value -> value)),
                form("both", (source, none) -> source.thenCombine(new Operation<>(), (one, two) -> one)),
                form("both, foreign", (source, none) -> source.thenCombine(new CompletableFuture<>(), (one, two) -> 1)),
                form("composed", (source, none) -> Operation.done(1).thenCompose(one -> source)),
                form(
                        "two stages",
                        (source, none) -> source.thenApply(value -> value).thenRun(() -> {})),
                form(
                        "three stages",
                        (source, none) -> source.thenApply(value -> value)
                                .handle((value, failure) -> value)
                                .thenRun(() -> {})));
    }

    private static Arguments form(String name, Waiting waiting) {
        return Arguments.of(name, waiting);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void cancel_oneAfterTheOther_withdrawsAtLast(String name, Waiting waiting) {
        for (int last = 0; last < 3; last++) {
            Operation<Object> source = new Operation<>();
            List<CompletableFuture<?>> waiters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiters.add(waiting.apply(source, ""));
            }
            CompletableFuture<?> kept = waiters.remove(last);
            waiters.forEach(each -> assertTrue(each.cancel(false)));
            assertEquals(0, source.attempts());
            assertTrue(kept.cancel(false));
            assertEquals(1, source.withdrawals());
            assertEquals(1, source.attempts());
            assertTrue(source.isCancelled());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void cancel_belowShieldOrDetached_withdrawsNothing(String name, Waiting waiting) {
        waiting.apply(operation.copy(), "").cancel(false);
        waiting.apply(operation.minimalCompletionStage().toCompletableFuture(), "")
                .cancel(false);
        CompletableFuture<Object> detached = operation.newIncompleteFuture();
        waiting.apply(detached, "").cancel(false);
        assertEquals(0, operation.attempts());
        assertFalse(operation.isDone() || detached.isDone());
    }

    @Test
    void cancel_foreignStageBelowAbandoned_keepsOperationWhileForeignStageWaits() {
        CompletableFuture<?> keeper = operation.thenRun(() -> {});
        CompletableFuture<Object> between = operation.thenApply(value -> value);
        between.thenRun(() -> {}).cancel(false);
        CompletableFuture<Object> other = new CompletableFuture<>();
        CompletableFuture<Object> first = CompletableFuture.anyOf(between, other);
        keeper.cancel(false);
        assertEquals(0, operation.attempts(), "a stage of another class waits");
        other.complete("other");
        assertTrue(first.isDone());
        between.thenRun(() -> {}).cancel(false);
        assertEquals(1, operation.withdrawals(), "the loser waits no longer");
    }

    @Test
    void cancel_waitersThatEndInSilence_areSeenByNextCanceller() {
        CompletableFuture<Object> between = operation.thenApply(value -> value);
        CompletableFuture<Object> copy = operation.copy();
        Operation<Object> faster = new Operation<>();
        CompletableFuture<Object> either = operation.applyToEither(faster, value -> value);
        between.thenRun(() -> {}).cancel(false);
        copy.cancel(false);
        between.thenRun(() -> {}).cancel(false);
        assertEquals(0, operation.attempts(), "a pair waits");
        faster.finish("value");
        assertTrue(either.isDone());
        assertEquals(0, operation.attempts());
        between.thenRun(() -> {}).cancel(false);
        assertEquals(1, operation.withdrawals());
    }

    @Test
    void join_abandonedStage_keepsOperation() throws Exception {
        CompletableFuture<?> keeper = operation.thenRun(() -> {});
        CompletableFuture<Object> between = operation.thenApply(value -> value);
        between.thenRun(() -> {}).cancel(false);
        FutureTask<Object> waiting = new FutureTask<>(between::join);
        Thread thread = new Thread(waiting, "waiter");
        thread.start();
        Await.parked(thread);
        keeper.cancel(false);
        assertEquals(0, operation.attempts(), "a thread waits");
        operation.finish("value");
        assertEquals("value", waiting.get());
        thread.join();
    }

    @Test
    void afterRelay_abandonedStage_withdrawsInner() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        Operation<Object> inner = new Operation<>();
        CompletableFuture<Object> composed = operation.thenComposeAsync(value -> inner, tasks::add);
        CompletableFuture<?> below = composed.thenRun(() -> {});
        operation.finish("value");
        below.cancel(false);
        assertFalse(composed.isDone());
        tasks.remove().run();
        assertEquals(1, inner.withdrawals());
        assertTrue(composed.isDone());
    }

    @Test
    void afterRelay_abandonedStageWithNewDependent_keepsInner() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        Operation<Object> inner = new Operation<>();
        CompletableFuture<Object> composed = operation.thenComposeAsync(value -> inner, tasks::add);
        CompletableFuture<Object> between = composed.thenApply(value -> value);
        operation.finish("value");
        between.thenRun(() -> {}).cancel(false);
        CompletableFuture<?> late = between.thenRun(() -> {});
        tasks.remove().run();
        assertEquals(0, inner.attempts(), "a dependent of a dependent waits");
        late.cancel(false);
        assertEquals(1, inner.withdrawals());
    }

    /** An operation with a step within its withdrawal, between the first walk and the result of the canceller. */
    private static final class Interrupted extends Operation<Object> {
        private Runnable step = () -> {};

        @Override
        protected boolean withdraw() {
            step.run();
            return super.withdraw();
        }
    }

    @Test
    void cancel_lastWaiter_withdrawsBeforeResult() {
        Interrupted read = new Interrupted();
        CompletableFuture<Object> stage = read.thenApply(value -> value).thenApply(value -> value);
        List<Boolean> done = new ArrayList<>();
        read.step = () -> done.add(stage.isDone());
        stage.cancel(false);
        assertEquals(List.of(false), done, "a thread with the result may read again");
    }

    /** The sibling gives up while the canceller has no result yet, and finds the canceller pending. */
    @Test
    void cancel_siblingBeforeResult_withdrawsInSecondWalk() {
        Interrupted other = new Interrupted();
        CompletableFuture<Object> pair = operation.thenCombine(other, (one, two) -> one);
        CompletableFuture<?> sibling = operation.thenRun(() -> {});
        other.step = () -> {
            assertTrue(sibling.cancel(false));
            assertFalse(pair.isDone());
        };
        assertTrue(pair.cancel(false));
        assertTrue(pair.isCancelled());
        assertEquals(1, operation.withdrawals());
        assertTrue(operation.isCancelled());
    }

    @Test
    void cancel_twiceAtOnce_withdrawsBeforeDependents() {
        Interrupted read = new Interrupted();
        CompletableFuture<Object> stage = read.thenApply(value -> value).thenApply(value -> value);
        List<Integer> seen = new ArrayList<>();
        stage.whenComplete((value, failure) -> seen.add(read.withdrawals()));
        read.step = () -> {
            read.step = () -> {};
            stage.cancel(false);
        };
        stage.cancel(false);
        assertEquals(List.of(1), seen);
        assertEquals(1, read.withdrawals());
    }

    @Test
    void cancel_manyAtOnce_withdrawsOnce() throws InterruptedException {
        Races.run("many", random -> {
            Operation<Object> source = new Operation<>();
            List<CompletableFuture<?>> one = new ArrayList<>();
            List<CompletableFuture<?>> two = new ArrayList<>();
            CompletableFuture<Object> shared = source.thenApply(value -> value);
            for (int i = 0; i < 4; i++) {
                CompletableFuture<Object> above = random.nextBoolean() ? source : shared;
                (random.nextBoolean() ? one : two).add(above.thenApply(value -> value));
            }
            one.add(shared.thenRun(() -> {}));
            two.add(source.applyToEither(new Operation<>(), value -> value));
            return new Races.Round(
                    () -> one.forEach(each -> each.cancel(false)),
                    () -> two.forEach(each -> each.cancel(false)),
                    () -> {
                        assertEquals(1, source.withdrawals());
                        assertTrue(shared.isDone());
                    });
        });
    }

    @Test
    void cancel_racingDeriveBelowAbandoned_keepsOperationForNewDependent() throws InterruptedException {
        Races.run("revival", random -> {
            Operation<Object> source = new Operation<>();
            CompletableFuture<?> keeper = source.thenRun(() -> {});
            CompletableFuture<Object> top = source.thenApply(value -> value);
            CompletableFuture<Object> between = random.nextBoolean() ? top : top.thenApply(value -> value);
            CompletableFuture<?> gone = between.thenRun(() -> {});
            List<CompletableFuture<?>> late = new ArrayList<>();
            boolean again = random.nextBoolean();
            return new Races.Round(
                    () -> gone.cancel(false),
                    () -> {
                        late.add(between.thenRun(() -> {}));
                        if (again) {
                            late.get(0).cancel(false);
                        }
                    },
                    () -> {
                        keeper.cancel(false);
                        assertEquals(again ? 1 : 0, source.withdrawals());
                        late.get(0).cancel(false);
                        assertEquals(1, source.withdrawals());
                    });
        });
    }
}
