package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests a pending future with many cancelled dependents. Each cancellation has a constant cost, and the future does not
 * retain the dependent.
 */
class ManyDependentsTest {
    private static final int MANY = 4_000;

    /** The maximum number of bytes allocated by a cancellation, for any number of waiters. */
    private static final long BYTES_OF_A_CANCELLATION = 4_000;

    private final Operation<Object> operation = new Operation<>();

    /** An order of cancellations. */
    interface Order extends Consumer<List<CompletableFuture<?>>> {}

    static Stream<Arguments> orders() {
        long seed = new SplittableRandom(Long.getLong("futuresockets.test.seed", System.nanoTime())).nextLong();
        List<Order> orders =
                List.of(all -> {}, Collections::reverse, all -> Collections.shuffle(all, new Random(seed)));
        return Stream.of(1, 2, 3)
                .flatMap(depth -> Stream.of(0, 1, 2)
                        .map(order -> Arguments.of(
                                "seed " + seed + ", " + depth + " stages, order " + order, depth, orders.get(order))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("orders")
    void waiters_thatGiveUpInAnyOrder_costTheSameEach(String name, int depth, Order order) throws Exception {
        List<CompletableFuture<?>> waiters = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            waiters.add(chain(depth));
        }
        order.accept(waiters);
        CompletableFuture<?> last = waiters.remove(MANY - 1);
        long bytes = allocatedBy(() -> waiters.forEach(each -> each.cancel(false)));
        assertTrue(bytes / MANY < BYTES_OF_A_CANCELLATION, bytes / MANY + " bytes each");
        assertEquals(0, operation.attempts(), "somebody waits");
        last.cancel(false);
        assertEquals(1, operation.withdrawals(), "nobody waits");
    }

    private CompletableFuture<?> chain(int depth) {
        CompletableFuture<Object> chain = operation.thenApply(value -> value);
        for (int i = 1; i < depth; i++) {
            chain = chain.thenApply(value -> value);
        }
        return chain;
    }

    private static long allocatedBy(Runnable step) throws ReflectiveOperationException {
        long before = allocated();
        step.run();
        return allocated() - before;
    }

    @SuppressWarnings("deprecation")
    private static long allocated() throws ReflectiveOperationException {
        Object threads = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        return (long) Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getThreadAllocatedBytes", long.class)
                .invoke(threads, Thread.currentThread().getId());
    }

    @Test
    void waiters_thatAreLeft_getTheResultOnceEach() {
        long seed = Long.getLong("futuresockets.test.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        List<CompletableFuture<?>> waiters = new ArrayList<>();
        int[] runs = new int[MANY];
        CompletableFuture<Object> keeper = operation.copy();
        for (int i = 0; i < MANY; i++) {
            int number = i;
            waiters.add(operation.thenRun(() -> runs[number]++));
            if (random.nextInt(3) > 0) {
                waiters.get(random.nextInt(waiters.size())).cancel(false);
            }
        }
        operation.finish("value");
        assertEquals("value", keeper.join());
        for (int i = 0; i < MANY; i++) {
            assertTrue(waiters.get(i).isDone());
            assertEquals(waiters.get(i).isCancelled() ? 0 : 1, runs[i], "waiter " + i + ", seed " + seed);
        }
    }

    @Test
    void waiter_thatComesAfterAllHaveGivenUp_keepsTheOperation() {
        CompletableFuture<Object> between = operation.thenApply(value -> value);
        CompletableFuture<?> keeper = operation.thenRun(() -> {});
        for (int i = 0; i < 3; i++) {
            between.thenRun(() -> {}).cancel(false);
        }
        CompletableFuture<Object> late = between.thenApply(value -> value);
        keeper.cancel(false);
        assertEquals(0, operation.attempts(), "the late one waits");
        late.cancel(false);
        assertEquals(1, operation.withdrawals());
    }

    @Test
    void stage_dependentsCancelled_isNoLongerAWaiter() {
        CompletableFuture<Object> between = operation.thenApply(value -> value);
        CompletableFuture<?> keeper = operation.thenRun(() -> {});
        between.thenRun(() -> {}).cancel(false);
        assertFalse(between.isDone());
        keeper.cancel(false);
        assertEquals(1, operation.withdrawals());
    }

    /** Derives a future and ends the future before {@code source}. */
    interface Ending extends BiFunction<Operation<Object>, byte[], CompletableFuture<?>> {}

    static Stream<Arguments> endings() {
        return Stream.of(
                ending("a completed copy", (source, payload) -> {
                    CompletableFuture<Object> copy = source.copy();
                    copy.complete(payload);
                    return copy;
                }),
                ending("a cancelled stage", (source, payload) -> cancelled(source.thenApply(value -> payload))),
                ending("a completed stage", (source, payload) -> {
                    CompletableFuture<Object> stage = source.thenApply(value -> value);
                    stage.complete(payload);
                    return stage;
                }),
                ending("the winner of either", (source, payload) -> {
                    Operation<Object> reply = new Operation<>();
                    CompletableFuture<?> either = reply.applyToEither(source, value -> payload);
                    reply.finish("reply");
                    return either;
                }),
                ending("the winner of either the other way", (source, payload) -> {
                    Operation<Object> reply = new Operation<>();
                    CompletableFuture<?> either = source.applyToEither(reply, value -> payload);
                    reply.finish("reply");
                    return either;
                }),
                ending(
                        "a cancelled pair",
                        (source, payload) -> cancelled(new Operation<>().thenCombine(source, (one, two) -> payload))),
                ending(
                        "a cancelled pair the other way",
                        (source, payload) -> cancelled(source.thenCombine(new Operation<>(), (one, two) -> payload))),
                ending(
                        "a cancelled composition",
                        (source, payload) -> cancelled(Operation.done(payload).thenCompose(value -> source))));
    }

    private static Arguments ending(String name, Ending ending) {
        return Arguments.of(name, ending);
    }

    private static CompletableFuture<?> cancelled(CompletableFuture<?> future) {
        future.cancel(false);
        return future;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void dependent_thatIsOver_isNotKept(String name, Ending ending) {
        CompletableFuture<?> keeper = operation.thenRun(() -> {});
        List<WeakReference<Object>> payloads = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            byte[] payload = new byte[500];
            payloads.add(new WeakReference<>(payload));
            assertTrue(ending.apply(operation, payload).isDone());
        }
        assertTrue(operation.getNumberOfDependents() <= 4, operation.getNumberOfDependents() + " dependents");
        assertFew(payloads);
        assertFalse(keeper.isDone());
    }

    @Test
    void loserOfEither_ofAnotherClass_isNotKept() {
        CompletableFuture<Object> stop = new CompletableFuture<>();
        List<WeakReference<Object>> payloads = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            byte[] payload = new byte[500];
            payloads.add(new WeakReference<>(payload));
            Operation<Object> reply = new Operation<>();
            CompletableFuture<Object> either = reply.applyToEither(stop, value -> payload);
            if (i % 2 == 0) {
                reply.finish("reply");
            } else {
                either.cancel(false);
            }
            assertTrue(either.isDone());
        }
        assertTrue(stop.getNumberOfDependents() <= 4, stop.getNumberOfDependents() + " dependents");
        assertFew(payloads);
        CompletableFuture<Object> next = new Operation<>().applyToEither(stop, value -> value);
        stop.complete("stop");
        assertEquals("stop", next.join());
    }

    private static void assertFew(List<WeakReference<Object>> references) {
        Await.until(() -> {
            System.gc();
            return references.stream().filter(each -> each.get() != null).count() <= 4;
        });
    }

    @Test
    void dependents_thatComeAndGoAtOnce_areRunOnce() throws InterruptedException {
        Races.run("crowd", random -> {
            Operation<Object> source = new Operation<>();
            List<CompletableFuture<?>> early = new ArrayList<>();
            AtomicInteger runs = new AtomicInteger();
            for (int i = 0; i < 4; i++) {
                early.add(source.thenRun(() -> {}));
            }
            early.get(random.nextInt(4)).cancel(false);
            CompletableFuture<?> last = early.get(random.nextInt(4));
            List<CompletableFuture<?>> late = new ArrayList<>();
            boolean cancels = random.nextBoolean();
            return new Races.Round(
                    () -> {
                        late.add(source.thenRun(runs::incrementAndGet));
                        last.cancel(false);
                        late.add(source.thenRun(runs::incrementAndGet));
                    },
                    () -> {
                        if (cancels) {
                            early.forEach(each -> each.cancel(false));
                        } else {
                            source.finish("value");
                        }
                    },
                    () -> {
                        source.finish("value");
                        late.forEach(each -> assertTrue(each.isDone()));
                        early.forEach(each -> assertTrue(each.isDone()));
                        assertTrue(source.isDone());
                        assertEquals(
                                late.stream()
                                        .filter(each -> !each.isCompletedExceptionally())
                                        .count(),
                                runs.get());
                    });
        });
    }
}
