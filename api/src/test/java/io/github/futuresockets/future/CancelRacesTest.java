package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Races a cancellation with other events. An operation without a waiter is withdrawn exactly once, and a future never
 * gets two results.
 */
class CancelRacesTest {
    @Test
    void cancel_twoSiblingsAtOnce_withdrawsOnce() throws InterruptedException {
        Races.run("siblings", random -> {
            Operation<Object> operation = new Operation<>();
            CompletableFuture<?> one = derived(operation, random.nextInt(3));
            CompletableFuture<?> two = derived(operation, random.nextInt(3));
            return new Races.Round(
                    () -> assertTrue(one.cancel(false)),
                    () -> assertTrue(two.cancel(false)),
                    () -> assertWithdrawn(operation));
        });
    }

    @Test
    void cancel_pairAndSiblingAtOnce_withdrawsOnce() throws InterruptedException {
        Races.run("diamond", random -> {
            Operation<Object> operation = new Operation<>();
            CompletableFuture<?> left = derived(operation, random.nextInt(2));
            CompletableFuture<?> pair = left.thenCombine(derived(operation, 1), (x, y) -> x);
            CompletableFuture<?> beside = derived(random.nextBoolean() ? operation : left, 1);
            return new Races.Round(
                    () -> assertTrue(pair.cancel(false)),
                    () -> assertTrue(beside.cancel(false)),
                    () -> assertWithdrawn(operation));
        });
    }

    @Test
    void cancel_operationAndStageAtOnce_withdrawsOnce() throws InterruptedException {
        Races.run("operation and stage", random -> {
            Operation<Object> operation = new Operation<>();
            CompletableFuture<?> stage = derived(operation, random.nextInt(3));
            return new Races.Round(() -> operation.cancel(false), () -> stage.complete(null), () -> {
                assertWithdrawn(operation);
                assertTrue(stage.isDone());
            });
        });
    }

    @Test
    void cancel_racingResult_onlyOneWins() throws InterruptedException {
        Races.run("cancel and deliver", random -> {
            Operation<Object> operation = new Operation<>();
            boolean[] won = new boolean[2];
            return new Races.Round(
                    () -> won[0] = operation.cancel(false), () -> won[1] = operation.finish("value"), () -> {
                        assertTrue(won[0] ^ won[1]);
                        assertEquals(won[0], operation.isCancelled());
                        assertTrue(operation.isDone());
                    });
        });
    }

    @Test
    void cancel_asInnerBegins_withdrawsInner() throws InterruptedException {
        Races.run("inner stage", random -> {
            Operation<Object> source = new Operation<>();
            Operation<Object> inner = new Operation<>();
            AtomicInteger begun = new AtomicInteger();
            boolean fallback = random.nextBoolean();
            CompletableFuture<Object> composed = fallback
                    ? source.exceptionallyCompose(failure -> begin(begun, inner))
                    : source.thenCompose(value -> begin(begun, inner));
            CompletableFuture<?> last = derived(composed, random.nextInt(3));
            boolean completes = random.nextBoolean();
            return new Races.Round(
                    () -> last.cancel(false),
                    () -> {
                        if (fallback) {
                            source.fail(new IOException());
                        } else {
                            source.finish("value");
                        }
                        if (completes) {
                            inner.finish("inner");
                        }
                    },
                    () -> {
                        assertTrue(begun.get() == 0 || inner.isDone(), "begun, and nobody waits for it");
                        assertTrue(source.isDone());
                        assertTrue(composed.isDone());
                    });
        });
    }

    @Test
    void cancel_twoStagesAsInnerBegins_withdrawsInner() throws InterruptedException {
        Races.run("inner stage of two", random -> {
            Operation<Object> source = new Operation<>();
            Operation<Object> inner = new Operation<>();
            AtomicInteger begun = new AtomicInteger();
            CompletableFuture<Object> composed = source.thenCompose(value -> begin(begun, inner));
            CompletableFuture<?> one = derived(composed, random.nextInt(3));
            CompletableFuture<?> two = derived(composed, 1 + random.nextInt(2));
            boolean oneHere = random.nextBoolean();
            return new Races.Round(
                    () -> {
                        if (oneHere) {
                            one.cancel(false);
                        }
                        two.cancel(false);
                    },
                    () -> {
                        source.finish("value");
                        if (!oneHere) {
                            one.cancel(false);
                        }
                    },
                    () -> assertTrue(begun.get() == 0 || inner.isDone(), "begun, and nobody waits for it"));
        });
    }

    @Test
    void cancel_withSiblingAsInnerBegins_keepsInner() throws InterruptedException {
        Races.run("inner stage kept", random -> {
            Operation<Object> source = new Operation<>();
            Operation<Object> inner = new Operation<>();
            CompletableFuture<Object> composed = source.thenCompose(value -> inner);
            CompletableFuture<Object> keeper = composed.copy();
            CompletableFuture<?> gone = derived(composed, random.nextInt(3) + 1);
            return new Races.Round(() -> gone.cancel(false), () -> source.finish("value"), () -> {
                assertEquals(0, inner.attempts());
                inner.finish("inner");
                assertEquals("inner", keeper.join());
            });
        });
    }

    @Test
    void cancel_pairAsOneSourceEnds_withdrawsOtherSource() throws InterruptedException {
        Races.run("pair", random -> {
            Operation<Object> one = new Operation<>();
            Operation<Object> two = new Operation<>();
            CompletableFuture<Object> pair = one.thenCombine(two, (x, y) -> x);
            CompletableFuture<?> last = derived(pair, random.nextInt(3));
            Operation<Object> ends = random.nextBoolean() ? one : two;
            return new Races.Round(() -> last.cancel(false), () -> ends.finish("value"), () -> {
                assertTrue(one.isDone());
                assertTrue(two.isDone());
                assertTrue(pair.isDone());
                assertFalse(ends != one && one.withdrawals() == 0);
                assertFalse(ends != two && two.withdrawals() == 0);
            });
        });
    }

    private static Operation<Object> begin(AtomicInteger begun, Operation<Object> inner) {
        begun.incrementAndGet();
        return inner;
    }

    private static CompletableFuture<?> derived(CompletableFuture<?> future, int depth) {
        CompletableFuture<?> last = future.thenApply(value -> value);
        for (int i = 0; i < depth; i++) {
            last = last.handle((value, failure) -> value);
        }
        return last;
    }

    private static void assertWithdrawn(Operation<?> operation) {
        assertEquals(1, operation.withdrawals());
        assertTrue(operation.isDone());
    }
}
