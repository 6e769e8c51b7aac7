package io.github.futuresockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.future.Coalesced;
import io.github.futuresockets.future.OperationFuture;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the turns, ends, stack depth and memory of {@link AsyncLoop}. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AsyncLoopTest {
    private static final int TURNS = 10_000_000;

    private final Deque<CompletableFuture<Object>> issued = new ArrayDeque<>();

    private <T> CompletableFuture<T> issue() {
        CompletableFuture<T> stage = new CompletableFuture<>();
        @SuppressWarnings("unchecked")
        CompletableFuture<Object> any = (CompletableFuture<Object>) stage;
        issued.add(any);
        return stage;
    }

    private static Throwable failureOf(CompletableFuture<?> future) {
        Throwable[] seen = new Throwable[1];
        future.whenComplete((value, failure) -> seen[0] = failure);
        return seen[0];
    }

    @Test
    void whileTrue_takesTurnsUntilOneGivesFalse() {
        CompletableFuture<Void> loop = AsyncLoop.whileTrue(this::issue);
        issued.getLast().complete(true);
        issued.getLast().complete(true);
        assertEquals(3, issued.size());
        assertFalse(loop.isDone());
        issued.getLast().complete(false);
        assertTrue(loop.isDone());
        assertEquals(3, issued.size());
    }

    @Test
    void forEach_derivesFromAStageThatRunsAlready_holdsNoLock() {
        CompletableFuture<CompletableFuture<Void>> loop = new CompletableFuture<>();
        CompletableFuture<Integer> first = new CompletableFuture<>();
        CompletableFuture<String> shared = new CompletableFuture<>() {
            @Override
            public <U> CompletableFuture<U> thenApply(Function<? super String, ? extends U> function) {
                CompletableFuture.runAsync(() -> loop.join().cancel(false)).join();
                return super.thenApply(function);
            }
        };
        loop.complete(AsyncLoop.forEach(List.of(1, 2, 3), 2, item -> item == 1 ? first : shared));
        assertFalse(loop.join().isDone());
        first.complete(1);
        assertTrue(loop.join().isCancelled());
        assertTrue(shared.isCancelled());
    }

    @Test
    void whileTrue_failedTurn_endsLoopWithBareFailure() {
        IOException cause = new IOException("on purpose");
        CompletableFuture<Void> loop =
                AsyncLoop.whileTrue(() -> this.<Boolean>issue().thenApply(value -> value));
        issued.getLast().completeExceptionally(new CompletionException(cause));
        assertSame(cause, failureOf(loop));
        assertSame(cause, failureOf(AsyncLoop.whileTrue(() -> CompletableFuture.failedFuture(cause))));
        IllegalStateException thrown = new IllegalStateException("on purpose");
        assertSame(thrown, failureOf(AsyncLoop.whileTrue(() -> {
            throw thrown;
        })));
        assertInstanceOf(NullPointerException.class, failureOf(AsyncLoop.whileTrue(() -> null)));
        assertInstanceOf(
                NullPointerException.class,
                failureOf(AsyncLoop.whileTrue(() -> CompletableFuture.completedFuture(null))));
    }

    @Test
    void forEach_minimalStages_areAwaited() {
        Queue<Integer> items = new ArrayDeque<>(List.of(1, 2, 3));
        List<Integer> seen = new ArrayList<>();
        CompletableFuture<Void> loop = AsyncLoop.forEach(() -> CompletableFuture.completedStage(items.poll()), item -> {
            seen.add(item);
            return CompletableFuture.completedStage(null);
        });
        loop.join();
        assertEquals(List.of(1, 2, 3), seen);
    }

    @Test
    void forEach_givesItemsInTheirOrderUntilNull() {
        Queue<Integer> items = new ArrayDeque<>(List.of(1, 2, 3));
        List<Integer> seen = new ArrayList<>();
        CompletableFuture<Void> loop =
                AsyncLoop.forEach(() -> CompletableFuture.completedFuture(items.poll()), item -> {
                    seen.add(item);
                    return item == 2 ? null : this.issue();
                });
        assertEquals(List.of(1), seen);
        issued.getLast().complete(null);
        assertEquals(List.of(1, 2, 3), seen);
        assertFalse(loop.isDone());
        issued.getLast().complete(null);
        loop.join();
    }

    @Test
    void cancel_reachesTheTurnInProgressAndNoOtherBegins() {
        CompletableFuture<Void> loop = AsyncLoop.whileTrue(this::issue);
        assertTrue(loop.cancel(false));
        assertTrue(issued.getLast().isCancelled());
        assertEquals(1, issued.size());
        assertThrows(java.util.concurrent.CancellationException.class, loop::join);
    }

    @Test
    void orTimeout_reachesTheTurnInProgressAndKeepsItsFailure() {
        CompletableFuture<Void> loop = AsyncLoop.whileTrue(this::issue).orTimeout(20, TimeUnit.MILLISECONDS);
        CompletionException failure = assertThrows(CompletionException.class, loop::join);
        assertInstanceOf(TimeoutException.class, failure.getCause());
        assertTrue(failure.getMessage().contains("whileTrue"), failure.getMessage());
        assertTrue(issued.getLast().isCancelled());
    }

    @Test
    void cancelOfADerivedFuture_endsTheLoop() {
        CompletableFuture<Void> loop = AsyncLoop.whileTrue(this::issue);
        loop.thenRun(() -> {}).cancel(false);
        assertTrue(loop.isCancelled());
        assertTrue(issued.getLast().isCancelled());
    }

    @Test
    void forEach_itemArrivingAfterCancel_isGivenToBody() {
        CompletableFuture<String> source = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        List<String> seen = new ArrayList<>();
        CompletableFuture<Void> loop = AsyncLoop.forEach(() -> source, item -> {
            seen.add(item);
            return this.issue();
        });
        assertTrue(loop.cancel(false));
        source.complete("taken");
        assertEquals(List.of("taken"), seen);
        assertTrue(issued.getLast().isCancelled());
    }

    @Test
    void whileTrue_millionsOfCompletedTurns_useNoStackOrMemory() {
        AtomicLong turns = new AtomicLong();
        AtomicInteger deepest = new AtomicInteger();
        long before = used();
        AsyncLoop.whileTrue(() -> {
                    if (turns.get() % 1_000_000 == 0) {
                        deepest.accumulateAndGet(depth(), Math::max);
                    }
                    return CompletableFuture.completedFuture(turns.incrementAndGet() < TURNS);
                })
                .join();
        assertEquals(TURNS, turns.get());
        assertTrue(deepest.get() <= 100, deepest + " frames");
        assertTrue(used() - before < 5 << 20, "kept " + (used() - before));
    }

    @Test
    void whileTrue_millionsOfPendingTurns_useNoStackOrMemory() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            asynchronously(pool, TURNS / 10);
        } finally {
            pool.shutdown();
        }
        // Each turn completes on the calling thread, after the call of the body has returned.
        Queue<Runnable> tasks = new ArrayDeque<>();
        AtomicLong turns = new AtomicLong();
        AtomicInteger deepest = new AtomicInteger();
        CompletableFuture<Void> loop = AsyncLoop.whileTrue(() -> {
            CompletableFuture<Boolean> turn = new CompletableFuture<>();
            tasks.add(() -> turn.complete(turns.incrementAndGet() < TURNS));
            if (turns.get() % 1_000_000 == 0) {
                deepest.accumulateAndGet(depth(), Math::max);
            }
            return turn;
        });
        long before = used();
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        loop.join();
        assertEquals(TURNS, turns.get());
        assertTrue(deepest.get() <= 100, deepest + " frames");
        assertTrue(used() - before < 5 << 20, "kept " + (used() - before));
    }

    private static void asynchronously(Executor pool, int count) throws Exception {
        AtomicInteger deepest = new AtomicInteger();
        AtomicLong turns = new AtomicLong();
        AsyncLoop.whileTrue(() -> CompletableFuture.supplyAsync(
                        () -> {
                            if (turns.get() % 100_000 == 0) {
                                deepest.accumulateAndGet(depth(), Math::max);
                            }
                            return turns.incrementAndGet() < count;
                        },
                        pool))
                .get(100, TimeUnit.SECONDS);
        assertEquals(count, turns.get());
        assertTrue(deepest.get() <= 100, deepest + " frames");
    }

    private static int depth() {
        return StackWalker.getInstance().walk(frames -> (int) frames.count());
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void forEachOfWidth_manyItems_keepsAtMostWidthInProgress() {
        List<Integer> items = IntStream.range(0, 10).boxed().collect(Collectors.toList());
        CompletableFuture<Void> loop = AsyncLoop.forEach(items, 3, item -> this.issue());
        assertEquals(3, issued.size());
        for (int done = 0; done < 10; done++) {
            assertFalse(loop.isDone());
            assertTrue(issued.size() <= 3);
            issued.remove().complete(null);
        }
        loop.join();
    }

    @Test
    void forEachOfWidth_theFirstFailureCancelsTheOthers() {
        CompletableFuture<Void> loop = AsyncLoop.forEach(List.of(1, 2, 3, 4), 3, item -> this.issue());
        IOException cause = new IOException("on purpose");
        issued.peekFirst().completeExceptionally(cause);
        assertSame(cause, failureOf(loop));
        assertEquals(3, issued.size());
        assertTrue(issued.stream().skip(1).allMatch(CompletableFuture::isCancelled));
    }

    @Test
    void forEachOfWidth_aCancelReachesAllInProgress() {
        CompletableFuture<Void> loop = AsyncLoop.forEach(List.of(1, 2, 3, 4), 2, item -> this.issue());
        assertTrue(loop.cancel(false));
        assertEquals(2, issued.size());
        assertTrue(issued.stream().allMatch(CompletableFuture::isCancelled));
        assertThrows(IllegalArgumentException.class, () -> AsyncLoop.forEach(List.of(1), 0, item -> null));
    }

    @Test
    void forEachOfWidth_millionsOfItems_useNoStackAndLoseNoItem() throws Exception {
        AtomicInteger deepest = new AtomicInteger();
        AsyncLoop.forEach(IntStream.range(0, 1_000_000)::iterator, 4, item -> {
                    if (item % 100_000 == 0) {
                        deepest.accumulateAndGet(depth(), Math::max);
                    }
                    return item % 2 == 0 ? null : CompletableFuture.completedFuture(item);
                })
                .join();
        assertTrue(deepest.get() <= 100, deepest + " frames");
        ExecutorService pool = Executors.newFixedThreadPool(4);
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        try {
            CompletableFuture<Void> loop =
                    AsyncLoop.forEach(IntStream.range(0, 100_000)::iterator, 8, item -> stage(pool, seen, item));
            loop.get(60, TimeUnit.SECONDS);
        } finally {
            pool.shutdown();
        }
        assertEquals(100_000, seen.stream().distinct().count());
    }

    /** A delayed stage. Stages of the same queue end in the order of their start. */
    private static final class Placed extends OperationFuture<Void> implements Coalesced {
        private final Object place;

        Placed(Object place) {
            super(null);
            this.place = place;
        }

        @Override
        public Object queue() {
            return place;
        }

        @Override
        public void flush() {}

        void succeed() {
            deliver(null);
        }

        void fail(Throwable failure) {
            deliverFailure(failure);
        }
    }

    private CompletableFuture<Void> loopOver(Placed... stages) {
        Deque<Placed> items = new ArrayDeque<>(List.of(stages));
        return AsyncLoop.forEach(() -> CompletableFuture.completedFuture(items.poll()), item -> item);
    }

    @Test
    void forEach_passesStagesOfOnePlaceAndIsDoneWhenTheLastOneIs() {
        Placed first = new Placed("here");
        Placed last = new Placed("here");
        CompletableFuture<Void> loop = loopOver(first, last);
        first.succeed();
        assertFalse(loop.isDone());
        last.succeed();
        assertTrue(loop.isDone());
    }

    @Test
    void forEach_failsAsAStageThatWasPassed() {
        IOException cause = new IOException("on purpose");
        Placed last = new Placed("here");
        CompletableFuture<Void> atTheEnd = loopOver(new Placed("here"), last);
        last.fail(cause);
        assertSame(cause, failureOf(atTheEnd));
        Placed passed = new Placed("here");
        Deque<CompletableFuture<Placed>> items = new ArrayDeque<>();
        items.add(CompletableFuture.completedFuture(passed));
        CompletableFuture<Placed> next = new CompletableFuture<>();
        items.add(next);
        CompletableFuture<Void> inTheMiddle = AsyncLoop.forEach(items::poll, item -> item);
        passed.fail(cause);
        next.completeExceptionally(new IOException("of the source"));
        assertSame(cause, failureOf(inTheMiddle));
    }

    @Test
    void forEach_waitsForOnePlaceBeforeItPassesAnother() {
        Placed here = new Placed("here");
        Placed there = new Placed("there");
        List<Placed> begun = new ArrayList<>();
        Deque<Placed> items = new ArrayDeque<>(List.of(here, there, new Placed("there")));
        CompletableFuture<Void> loop =
                AsyncLoop.forEach(() -> CompletableFuture.completedFuture(items.poll()), item -> {
                    begun.add(item);
                    return item;
                });
        assertEquals(List.of(here, there), begun);
        there.succeed();
        here.succeed();
        assertEquals(3, begun.size());
        assertTrue(loop.cancel(false));
    }

    private static CompletionStage<?> stage(Executor pool, Queue<Integer> seen, int item) {
        return item % 3 == 0
                ? CompletableFuture.completedFuture(seen.add(item))
                : CompletableFuture.runAsync(() -> seen.add(item), pool);
    }
}
