package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.futuresockets.future.Seen.Ending;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests methods of the JDK with futures of the library as arguments. The outcome is the same as with futures of the
 * JDK.
 */
class OtherFuturesTest {
    private static final List<Function<CompletableFuture<Object>, CompletableFuture<?>>> USES = List.of(
            future -> CompletableFuture.allOf(future, CompletableFuture.completedFuture(1)),
            future -> CompletableFuture.anyOf(future),
            future -> CompletableFuture.anyOf(new CompletableFuture<>(), future),
            future -> CompletableFuture.completedFuture(1).thenCompose(value -> future),
            future -> CompletableFuture.completedFuture(1).thenCombine(future, (one, two) -> one + "," + two),
            future ->
                    CompletableFuture.failedFuture(new IllegalStateException()).exceptionallyCompose(failure -> future),
            future -> new CompletableFuture<>().applyToEither(future, value -> value),
            future -> CompletableFuture.supplyAsync(
                    () -> future.handle((value, failure) -> Seen.word(value)).join()),
            future -> future.toCompletableFuture());

    @ParameterizedTest
    @EnumSource(Ending.class)
    void jdkMethod_givenOperation_behavesAsWithJdkFuture(Ending ending) {
        compare(ending, CompletableFuture::new, Operation::new);
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void jdkMethod_givenDerivedFuture_behavesAsWithJdkFuture(Ending ending) {
        compare(
                ending,
                () -> new Chained(new CompletableFuture<>(), stage -> stage.thenApply(value -> value)),
                () -> new Chained(new Operation<>(), stage -> stage.thenApply(value -> value)));
        compare(
                ending,
                () -> new Chained(new CompletableFuture<>(), CompletableFuture::copy),
                () -> new Chained(new Operation<>(), CompletableFuture::copy));
    }

    /**
     * A holder of a source and a future derived from the source. A test ends the source and uses the derived future.
     */
    private static final class Chained extends CompletableFuture<Object> {
        private final CompletableFuture<Object> source;
        private final CompletableFuture<Object> derived;

        Chained(
                CompletableFuture<Object> source,
                Function<CompletableFuture<Object>, CompletableFuture<Object>> derive) {
            this.source = source;
            this.derived = derive.apply(source);
        }
    }

    private static void compare(
            Ending ending, Supplier<CompletableFuture<Object>> theirs, Supplier<CompletableFuture<Object>> ours) {
        for (int i = 0; i < USES.size(); i++) {
            int use = i;
            for (boolean late : new boolean[] {false, true}) {
                assertEquals(
                        seen(USES.get(use), theirs.get(), ending, late),
                        seen(USES.get(use), ours.get(), ending, late),
                        () -> "use " + use + (late ? ", late" : ""));
            }
        }
    }

    private static Seen seen(
            Function<CompletableFuture<Object>, CompletableFuture<?>> use,
            CompletableFuture<Object> given,
            Ending ending,
            boolean late) {
        CompletableFuture<Object> source = given instanceof Chained ? ((Chained) given).source : given;
        CompletableFuture<Object> future = given instanceof Chained ? ((Chained) given).derived : given;
        if (!late) {
            ending.end(source, "value");
        }
        CompletableFuture<?> used = use.apply(future);
        if (late) {
            ending.end(source, "value");
        }
        return Seen.of(used, false);
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void stage_plainInnerOrSecondStage_takesOutcome(Ending ending) {
        for (boolean late : new boolean[] {false, true}) {
            CompletableFuture<Object> plain = new CompletableFuture<>();
            if (!late) {
                ending.end(plain, "value");
            }
            CompletionStage<Object> minimal = plain.minimalCompletionStage();
            CompletableFuture<Object> theirs =
                    CompletableFuture.completedFuture(1).thenCompose(value -> minimal);
            CompletableFuture<Object> ours = Operation.done(1).thenCompose(value -> minimal);
            CompletableFuture<Object> pair = Operation.done(1).thenCombine(minimal, (one, two) -> two);
            if (late) {
                assertFalse(ours.isDone());
                ending.end(plain, "value");
            }
            assertEquals(Seen.of(theirs, false), Seen.of(ours, true));
            assertEquals(Seen.of(theirs, false), Seen.of(pair, true));
        }
    }
}
