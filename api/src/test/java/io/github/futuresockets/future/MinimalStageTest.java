package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests minimal stages. Only the methods of {@code CompletionStage} work. A method with another way to see or to end
 * the operation is refused.
 */
class MinimalStageTest {
    /**
     * Supported methods. Each neither shows nor changes the outcome, or returns a separate future. A minimal stage of
     * the JDK supports the same methods.
     */
    private static final Set<String> HARMLESS =
            Set.of("newIncompleteFuture", "defaultExecutor", "copy", "minimalCompletionStage");

    /** Methods with a result type newer than Java 17. A library for Java 17 cannot override such methods. */
    private static final Set<String> OUT_OF_REACH = Set.of("state");

    private final Operation<Object> operation = new Operation<>();

    static List<Method> refused() {
        return Arrays.stream(CompletableFuture.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !method.isBridge())
                .filter(method -> method.getDeclaringClass() != Object.class)
                .filter(method -> Arrays.stream(CompletionStage.class.getMethods())
                        .noneMatch(stage -> stage.getName().equals(method.getName())))
                .filter(method -> !HARMLESS.contains(method.getName()) && !OUT_OF_REACH.contains(method.getName()))
                .filter(method -> !method.getName().equals("toString"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void minimalStage_methodOfCompletableFuture_isUnsupported(Method method) {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> {
                    if (type == long.class) {
                        return (Object) 1L;
                    }
                    if (type == boolean.class) {
                        return false;
                    }
                    if (type == TimeUnit.class) {
                        return TimeUnit.DAYS;
                    }
                    if (type == Executor.class) {
                        return (Executor) Runnable::run;
                    }
                    if (type == Throwable.class) {
                        return new IllegalStateException();
                    }
                    return type == Supplier.class ? (Supplier<Object>) () -> "value" : "value";
                })
                .toArray();
        for (CompletionStage<Object> stage : List.of(
                operation.minimalCompletionStage(),
                Operation.<Object>done("value").minimalCompletionStage())) {
            InvocationTargetException refusal = assertThrows(
                    InvocationTargetException.class, () -> method.invoke(stage, arguments), method::toString);
            assertInstanceOf(UnsupportedOperationException.class, refusal.getCause());
        }
        assertFalse(operation.isDone());
    }

    @Test
    void minimalStage_doneOperation_passesResult() {
        CompletableFuture<Object> future = operation.minimalCompletionStage().toCompletableFuture();
        CompletionStage<String> stage = operation.minimalCompletionStage().thenApply(value -> value + "!");
        operation.finish("value");
        assertEquals("value", future.join());
        assertEquals("value!", stage.toCompletableFuture().join());
    }

    @Test
    void minimalStage_asInnerOrSecondStage_givesResult() {
        CompletableFuture<Object> composed = Operation.done(1).thenCompose(value -> operation.minimalCompletionStage());
        CompletableFuture<Object> plain =
                CompletableFuture.completedFuture(1).thenCompose(value -> operation.minimalCompletionStage());
        CompletableFuture<Object> pair =
                Operation.done(1).thenCombine(operation.minimalCompletionStage(), (one, two) -> two);
        operation.finish("value");
        assertEquals("value", composed.join());
        assertEquals("value", plain.join());
        assertEquals("value", pair.join());
    }

    @Test
    void minimalStage_cancelled_leavesOperationPending() {
        operation.minimalCompletionStage().toCompletableFuture().cancel(false);
        operation.minimalCompletionStage().toCompletableFuture().complete("other");
        operation
                .minimalCompletionStage()
                .thenRun(() -> {})
                .toCompletableFuture()
                .cancel(false);
        assertEquals(0, operation.attempts());
        assertFalse(operation.isDone());
    }

    @Test
    void toCompletableFuture_completed_leavesOtherFuturesPending() {
        CompletionStage<Object> stage = operation.minimalCompletionStage();
        CompletableFuture<Object> other = stage.toCompletableFuture();
        assertTrue(stage.toCompletableFuture().complete("early"));
        operation.finish("value");
        assertEquals("value", other.join());
    }

    @Test
    void toString_minimalStage_describesOperation() {
        assertEquals(
                "readLine from peer [pending]",
                operation.minimalCompletionStage().toString());
    }
}
