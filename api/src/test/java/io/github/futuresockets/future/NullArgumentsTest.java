package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests null arguments. A pending future and a completed future refuse null at once, and get no dependent. */
class NullArgumentsTest {
    static List<Deriving> methods() {
        return Deriving.all();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void stageMethod_nullArgument_throwsAndLeavesNoDependent(Deriving method) {
        Operation<Object> other = new Operation<>();
        for (int i = 0; i < method.method().getParameterCount(); i++) {
            for (OperationFuture<Object> source : List.of(new Operation<Object>(), Operation.<Object>done("value"))) {
                Object[] arguments = method.arguments(other, Runnable::run, (one, two) -> null);
                arguments[i] = null;
                assertThrows(
                        NullPointerException.class, () -> method.invoke(source, arguments), method + ", argument " + i);
                assertEquals(0, source.getNumberOfDependents(), method + ", argument " + i);
                assertEquals(0, other.getNumberOfDependents(), method + ", argument " + i);
            }
        }
    }

    @Test
    void otherMethods_nullArgument_throw() {
        for (CompletableFuture<Object> future : List.of(new Operation<Object>(), Operation.<Object>done("value"))) {
            assertThrows(NullPointerException.class, () -> future.completeExceptionally(null));
            assertThrows(NullPointerException.class, () -> future.orTimeout(1, (TimeUnit) null));
            assertThrows(NullPointerException.class, () -> future.completeOnTimeout("late", 1, (TimeUnit) null));
            assertThrows(NullPointerException.class, () -> future.completeAsync(null));
            assertThrows(NullPointerException.class, () -> future.completeAsync(null, Runnable::run));
            assertThrows(NullPointerException.class, () -> future.completeAsync(() -> "value", (Executor) null));
        }
    }
}
