package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Races the derivation of a stage with the end of its source. Every function runs exactly once. */
class DeriveRacesTest {
    private static final int STAGES = 8;

    @Test
    void thenApply_whileSourceEnds_runsFunctionOnce() throws InterruptedException {
        Races.run("derive", random -> {
            Operation<Object> source = new Operation<>();
            AtomicInteger calls = new AtomicInteger();
            List<CompletableFuture<?>> stages = new ArrayList<>();
            return new Races.Round(
                    () -> {
                        for (int i = 0; i < STAGES; i++) {
                            stages.add(source.thenApply(value -> calls.incrementAndGet()));
                        }
                    },
                    () -> source.finish("value"),
                    () -> {
                        assertEquals(STAGES, calls.get());
                        stages.forEach(stage -> assertTrue(stage.isDone()));
                        assertEquals(0, source.getNumberOfDependents());
                    });
        });
    }

    @Test
    void whenComplete_fromTwoThreads_runsEachFunctionOnce() throws InterruptedException {
        Races.run("derive twice", random -> {
            Operation<Object> source = new Operation<>();
            AtomicInteger calls = new AtomicInteger();
            Runnable derive = () -> {
                for (int i = 0; i < STAGES; i++) {
                    source.whenComplete((value, failure) -> calls.incrementAndGet());
                }
            };
            return new Races.Round(derive, derive, () -> {
                assertEquals(2 * STAGES, source.getNumberOfDependents());
                source.finish("value");
                assertEquals(2 * STAGES, calls.get());
            });
        });
    }

    @Test
    void pair_bothSourcesEndAtOnce_runsFunctionOnce() throws InterruptedException {
        Races.run("pair", random -> {
            Operation<Object> one = new Operation<>();
            Operation<Object> two = new Operation<>();
            CompletableFuture<Object> second = random.nextBoolean() ? two : two.copy();
            AtomicInteger calls = new AtomicInteger();
            List<CompletableFuture<?>> pairs = new ArrayList<>();
            for (int i = 0; i < STAGES; i++) {
                pairs.add(one.thenCombine(second, (x, y) -> calls.incrementAndGet()));
                pairs.add(one.applyToEither(second, value -> calls.incrementAndGet()));
            }
            return new Races.Round(() -> one.finish("one"), () -> two.finish("two"), () -> {
                assertEquals(2 * STAGES, calls.get());
                pairs.forEach(pair -> assertTrue(pair.isDone()));
            });
        });
    }

    @Test
    void pair_whilePlainSourceEnds_runsFunctionOnce() throws InterruptedException {
        Races.run("pair with a plain one", random -> {
            Operation<Object> one = Operation.done("one");
            CompletableFuture<Object> two = new CompletableFuture<>();
            AtomicInteger calls = new AtomicInteger();
            CompletableFuture<?>[] pair = new CompletableFuture<?>[1];
            return new Races.Round(
                    () -> pair[0] = one.thenCombine(two, (x, y) -> calls.incrementAndGet()),
                    () -> two.complete("two"),
                    () -> {
                        assertEquals(1, calls.get());
                        assertTrue(pair[0].isDone());
                    });
        });
    }

    @Test
    void thenCompose_whileInnerEnds_takesInnerResult() throws InterruptedException {
        Races.run("relay", random -> {
            Operation<Object> source = new Operation<>();
            Operation<Object> inner = new Operation<>();
            CompletableFuture<Object> composed = source.thenCompose(value -> inner);
            AtomicInteger calls = new AtomicInteger();
            composed.thenAccept(value -> calls.incrementAndGet());
            return new Races.Round(() -> source.finish("value"), () -> inner.finish("inner"), () -> {
                assertEquals("inner", composed.getNow("nothing"));
                assertEquals(1, calls.get());
            });
        });
    }
}
