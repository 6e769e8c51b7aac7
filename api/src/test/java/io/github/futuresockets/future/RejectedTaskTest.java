package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.future.Seen.Ending;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests an executor that rejects every task. A stage uses its executor only for the call of its function, and passes on
 * every other outcome directly. Because the JDK sometimes submits a needless task, only outcomes are compared.
 */
class RejectedTaskTest {
    private static final Executor FULL = task -> {
        throw new RejectedExecutionException("full");
    };

    static List<Deriving> methods() {
        return Deriving.all().stream().filter(Deriving::takesExecutor).toList();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void asyncStage_rejectedTask_failsOnlyIfFunctionIsDue(Deriving method) {
        for (Ending source : Ending.values()) {
            for (boolean late : new boolean[] {false, true}) {
                AtomicBoolean called = new AtomicBoolean();
                Seen theirs = run(
                        method,
                        new CompletableFuture<>(),
                        new CompletableFuture<>(),
                        source,
                        late,
                        Runnable::run,
                        called);
                CompletableFuture<Object> rejected = new CompletableFuture<>();
                rejected.completeExceptionally(new RejectedExecutionException("full"));
                Seen expected = called.get() ? Seen.of(rejected, true) : theirs;
                called.set(false);
                Seen ours = run(method, new Operation<>(), new Operation<>(), source, late, FULL, called);
                assertEquals(expected, ours, () -> method + " after " + source + (late ? " late" : ""));
                assertEquals(false, called.get(), method::toString);
            }
        }
    }

    private static Seen run(
            Deriving method,
            CompletableFuture<Object> own,
            CompletableFuture<Object> other,
            Ending ending,
            boolean late,
            Executor executor,
            AtomicBoolean called) {
        if (!late) {
            ending.end(own, "source");
            Ending.VALUE.end(other, "other");
        }
        CompletableFuture<Object> stage = method.on(own, other, executor, (one, two) -> {
            called.set(true);
            return CompletableFuture.completedFuture("inner");
        });
        if (late) {
            ending.end(own, "source");
            Ending.VALUE.end(other, "other");
        }
        return Seen.of(stage, own instanceof Operation);
    }
}
