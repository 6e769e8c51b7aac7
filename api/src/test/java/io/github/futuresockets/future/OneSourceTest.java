package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.future.Seen.Ending;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares stages with a single source to the stages of the JDK. The outcome and the calls of the function are the
 * same.
 */
class OneSourceTest {
    private static final List<Executor> EXECUTORS = List.of(Runnable::run, ForkJoinPool.commonPool());

    static List<Deriving> methods() {
        return Deriving.withOneSource();
    }

    @Test
    void completionStage_hasFortyTwoMethods() {
        assertEquals(42, Deriving.all().size(), () -> "new methods of CompletionStage? " + Deriving.all());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void stage_anyOutcome_endsAsInJdk(Deriving method) {
        for (Ending source : Ending.values()) {
            for (Ending function : Ending.values()) {
                for (boolean late : new boolean[] {false, true}) {
                    for (Executor executor : EXECUTORS) {
                        Function<CompletableFuture<Object>, List<Object>> run =
                                future -> run(method, future, source, late, executor, function, Ending.VALUE);
                        compare(
                                run,
                                () -> method + " after " + source + (late ? " late" : "") + ", function: " + function);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void composedStage_anyInnerOutcome_endsAsInJdk(Deriving method) {
        if (!method.isComposing()) {
            return;
        }
        Ending source = method.isForFailure() ? Ending.IO_FAILURE : Ending.VALUE;
        for (Ending inner : Ending.values()) {
            for (boolean late : new boolean[] {false, true}) {
                Function<CompletableFuture<Object>, List<Object>> run =
                        future -> run(method, future, source, late, Runnable::run, Ending.VALUE, inner);
                compare(run, () -> method + (late ? " late" : "") + ", inner stage: " + inner);
            }
        }
    }

    private static void compare(Function<CompletableFuture<Object>, List<Object>> run, Supplier<String> what) {
        List<Object> expected = run.apply(new CompletableFuture<>());
        List<Object> actual = run.apply(new Operation<>());
        assertEquals(expected, actual, what);
    }

    /**
     * Returns the arguments of each call of the function, followed by the outcome of the stage. Wrappers are removed
     * from failures of JDK stages only.
     */
    private static List<Object> run(
            Deriving method,
            CompletableFuture<Object> source,
            Ending ending,
            boolean late,
            Executor executor,
            Ending function,
            Ending inner) {
        List<Object> all = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Object>> inners = Collections.synchronizedList(new ArrayList<>());
        Deriving.Body body = (one, two) -> {
            all.add(Seen.argument(source, one) + ", " + Seen.argument(source, two));
            Object result = function.orThrow("result");
            if (!method.isComposing() || result == null) {
                return result;
            }
            CompletableFuture<Object> stage =
                    source instanceof Operation ? new Operation<>() : new CompletableFuture<>();
            if (late) {
                inners.add(stage);
            } else {
                inner.end(stage, "inner");
            }
            return stage;
        };
        CompletionStage<Object> none = new CompletableFuture<>();
        if (!late) {
            ending.end(source, "source");
        }
        CompletableFuture<Object> stage = method.on(source, none, executor, body);
        if (late) {
            assertFalse(stage.isDone());
            ending.end(source, "source");
            while (inner(method, ending, function) && inners.isEmpty() && !stage.isDone()) {
                Thread.onSpinWait();
            }
            inners.forEach(each -> inner.end(each, "inner"));
        }
        all.add(Seen.of(stage, source instanceof Operation));
        assertTrue(stage.isDone());
        return all;
    }

    private static boolean inner(Deriving method, Ending source, Ending function) {
        return method.isComposing() && source.isFailure() == method.isForFailure() && function == Ending.VALUE;
    }
}
