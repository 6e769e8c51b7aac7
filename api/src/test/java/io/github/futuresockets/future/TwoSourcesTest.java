package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.future.Seen.Ending;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares stages with two sources to the stages of the JDK. The second source is a future of the library or of the
 * JDK, and either source may end first.
 */
class TwoSourcesTest {
    /** The order of the end of each source and the call of the deriving method. */
    enum Order {
        BOTH_BEFORE,
        OWN_BEFORE,
        OTHER_BEFORE,
        OWN_FIRST,
        OTHER_FIRST,
        OWN_ONLY,
        OTHER_ONLY
    }

    private record Case(Ending own, Ending other, Ending function, Order order, boolean pooled) {
        Executor executor() {
            return pooled ? ForkJoinPool.commonPool() : Runnable::run;
        }
    }

    private static final List<Ending> SOURCES =
            List.of(Ending.VALUE, Ending.NULL, Ending.IO_FAILURE, Ending.CANCELLED, Ending.WRAPPED_FAILURE);
    private static final List<Ending> FUNCTIONS =
            List.of(Ending.VALUE, Ending.NULL, Ending.CANCELLED, Ending.ERROR, Ending.WRAPPED_FAILURE);

    static List<Deriving> methods() {
        return Deriving.withTwoSources();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void pair_anyOutcomes_endsAsInJdk(Deriving method) {
        for (Ending own : SOURCES) {
            for (Ending other : SOURCES) {
                for (Ending function : FUNCTIONS) {
                    for (Order order : Order.values()) {
                        compare(method, new Case(own, other, function, order, order.ordinal() % 2 == 0));
                    }
                }
            }
        }
    }

    private static void compare(Deriving method, Case each) {
        List<Object> expected = run(method, new CompletableFuture<>(), new CompletableFuture<>(), each);
        assertEquals(
                expected, run(method, new Operation<>(), new Operation<>(), each), () -> method + ", ours: " + each);
        assertEquals(
                expected,
                run(method, new Operation<>(), new CompletableFuture<>(), each),
                () -> method + ", plain: " + each);
    }

    private static List<Object> run(
            Deriving method, CompletableFuture<Object> own, CompletableFuture<Object> other, Case each) {
        List<Object> all = Collections.synchronizedList(new ArrayList<>());
        Order order = each.order();
        if (order == Order.BOTH_BEFORE || order == Order.OWN_BEFORE) {
            each.own().end(own, "own");
        }
        if (order == Order.BOTH_BEFORE || order == Order.OTHER_BEFORE) {
            each.other().end(other, "other");
        }
        CompletableFuture<Object> stage = method.on(own, other, each.executor(), (one, two) -> {
            all.add(Seen.word(one) + ", " + Seen.word(two));
            return each.function().orThrow("result");
        });
        if (order == Order.OWN_FIRST || order == Order.OTHER_BEFORE || order == Order.OWN_ONLY) {
            each.own().end(own, "own");
        }
        // With a pooled executor, the stage may still be pending after the end of the first source. The wait makes the
        // outcome certain.
        if (method.isEither() && (order == Order.OWN_FIRST || order == Order.OTHER_FIRST)) {
            CompletableFuture<Object> first = order == Order.OWN_FIRST ? own : other;
            if (first.isDone()) {
                await(stage);
            }
        }
        if (order == Order.OTHER_FIRST
                || order == Order.OTHER_ONLY
                || order == Order.OWN_FIRST
                || order == Order.OWN_BEFORE) {
            each.other().end(other, "other");
        }
        if (order == Order.OTHER_FIRST) {
            if (method.isEither()) {
                await(stage);
            }
            each.own().end(own, "own");
        }
        boolean ends = method.isEither() || (order != Order.OWN_ONLY && order != Order.OTHER_ONLY);
        all.add(ends ? Seen.of(stage, own instanceof Operation) : stage.isDone());
        return all;
    }

    private static void await(CompletableFuture<?> stage) {
        stage.handle((value, failure) -> 0).join();
    }
}
