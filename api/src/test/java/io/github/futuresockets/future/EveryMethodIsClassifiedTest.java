package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the effect of a cancellation for every method of the running JDK with a future or a stage as result. Fails for
 * a new method of a later JDK, because {@code newIncompleteFuture} would shield the operation from cancellation.
 */
class EveryMethodIsClassifiedTest {
    private static final Set<String> SHIELDS = Set.of("copy", "minimalCompletionStage", "newIncompleteFuture");
    private static final Set<String> RETURNS_THIS =
            Set.of("orTimeout", "completeOnTimeout", "completeAsync", "toCompletableFuture");
    private static final Set<String> STATIC = Set.of(
            "allOf",
            "anyOf",
            "supplyAsync",
            "runAsync",
            "completedFuture",
            "completedStage",
            "failedFuture",
            "failedStage");
    private static final Set<String> WITHDRAWS = Set.of(
            "thenApply",
            "thenAccept",
            "thenRun",
            "thenCompose",
            "handle",
            "whenComplete",
            "exceptionally",
            "exceptionallyCompose",
            "thenCombine",
            "thenAcceptBoth",
            "runAfterBoth",
            "applyToEither",
            "acceptEither",
            "runAfterEither");

    static List<Method> methods() {
        return Stream.concat(
                        Arrays.stream(CompletionStage.class.getMethods()),
                        Arrays.stream(CompletableFuture.class.getMethods()))
                .filter(method -> CompletionStage.class.isAssignableFrom(method.getReturnType()))
                .filter(method -> !method.isBridge())
                .sorted(Comparator.comparing(Method::toString))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void stageMethod_anyOfJdk_behavesAsClassified(Method method) throws ReflectiveOperationException {
        String base = method.getName().replaceFirst("Async$", "");
        List<Runnable> classes = Stream.<Runnable>of(
                        WITHDRAWS.contains(base) ? () -> withdraws(new Deriving(method)) : null,
                        SHIELDS.contains(method.getName()) ? () -> shields(method) : null,
                        RETURNS_THIS.contains(method.getName()) ? () -> returnsThis(method) : null,
                        STATIC.contains(method.getName())
                                ? () -> assertTrue(Modifier.isStatic(method.getModifiers()))
                                : null)
                .filter(each -> each != null)
                .toList();
        if (classes.size() != 1) {
            fail(method + " is in " + classes.size() + " lists: override it in DerivingFuture or OperationFuture, say"
                    + " what its cancellation does, and put it into the list here that says so");
        }
        classes.get(0).run();
        if (!Modifier.isStatic(method.getModifiers())) {
            Method ours = OperationFuture.class.getMethod(method.getName(), method.getParameterTypes());
            assertTrue(
                    ours.getDeclaringClass().getPackage() == OperationFuture.class.getPackage()
                            || method.getName().equals("toCompletableFuture"),
                    () -> ours + " is the JDK's own");
        }
    }

    private static void withdraws(Deriving method) {
        Operation<Object> root = new Operation<>();
        CompletableFuture<Object> stage =
                method.on(root, new CompletableFuture<>(), Runnable::run, (one, two) -> fail("called"));
        stage.cancel(false);
        assertEquals(1, root.withdrawals(), method::toString);
    }

    private static void shields(Method method) {
        Operation<Object> root = new Operation<>();
        CompletionStage<?> stage = (CompletionStage<?>) invoke(method, root);
        stage.thenRun(() -> {}).toCompletableFuture().cancel(false);
        stage.toCompletableFuture().cancel(false);
        assertEquals(0, root.attempts(), method::toString);
        assertFalse(root.isDone());
    }

    private static void returnsThis(Method method) {
        Operation<Object> root = new Operation<>(new RecordingContext());
        CompletableFuture<Object> stage = root.thenApply(value -> value);
        for (CompletableFuture<Object> each : List.of(root, stage)) {
            assertSame(each, invoke(method, each));
        }
    }

    private static Object invoke(Method method, CompletableFuture<?> target) {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> {
                    if (type == long.class) {
                        return (Object) 1L;
                    }
                    if (type == TimeUnit.class) {
                        return TimeUnit.DAYS;
                    }
                    if (type == Executor.class) {
                        return (Executor) task -> {};
                    }
                    return type == Supplier.class ? (Supplier<Object>) () -> "value" : "value";
                })
                .toArray();
        try {
            return method.invoke(target, arguments);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
