package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests failures in random chains. Every function gets the original failure, however long the chain is. Only a waiting
 * method wraps the failure.
 */
class FailuresAreBareTest {
    private static final int CHAINS = 300;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failure_afterAnyChain_reachesFunctionsBare(boolean late) {
        long seed = Long.getLong("futuresockets.test.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        List<Deriving> methods = Deriving.all();
        for (int i = 0; i < CHAINS; i++) {
            IOException thrown = new IOException("chain " + i + " of seed " + seed);
            Operation<Object> operation = new Operation<>();
            if (!late) {
                operation.fail(thrown);
            }
            List<String> names = new ArrayList<>();
            CompletableFuture<Object> last = operation;
            for (int depth = random.nextInt(6); depth > 0; depth--) {
                Deriving method = methods.get(random.nextInt(methods.size()));
                names.add(method.toString());
                last = handOn(method, last, random.nextBoolean());
            }
            if (late) {
                operation.fail(thrown);
            }
            assertBare(thrown, last, names);
        }
    }

    /**
     * Derives a stage with a function that repeats the failure of the source. The function throws a wrapped failure or
     * returns a failed inner future.
     */
    private static CompletableFuture<Object> handOn(Deriving method, CompletableFuture<Object> source, boolean plain) {
        CompletableFuture<Object> other = method.isEither() ? new Operation<>() : Operation.done("other");
        return method.on(source, other, Runnable::run, (one, two) -> {
            Throwable failure = (Throwable) (one instanceof Throwable ? one : two);
            if (!method.isComposing()) {
                throw new CompletionException(failure);
            }
            CompletableFuture<Object> inner = plain ? new CompletableFuture<>() : new Operation<>();
            inner.completeExceptionally(new CompletionException(failure));
            return inner;
        });
    }

    private static void assertBare(IOException thrown, CompletableFuture<Object> future, List<String> names) {
        Throwable[] seen = new Throwable[3];
        future.handle((value, failure) -> seen[0] = failure).join();
        future.whenComplete((value, failure) -> seen[1] = failure)
                .exceptionally(failure -> seen[2] = failure)
                .join();
        for (Throwable each : seen) {
            assertSame(thrown, each, names::toString);
        }
        assertEquals(
                thrown, assertThrows(CompletionException.class, future::join).getCause());
        assertEquals(
                thrown,
                assertThrows(CompletionException.class, () -> future.getNow(null))
                        .getCause());
        assertEquals(thrown, assertThrows(ExecutionException.class, future::get).getCause());
    }
}
