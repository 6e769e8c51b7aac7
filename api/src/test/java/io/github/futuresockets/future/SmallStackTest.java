package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Tests very long chains of futures on a thread with a small stack. The stack suffices for completion, cancellation and
 * description.
 */
class SmallStackTest {
    private static final int MILLION = 1_000_000;
    private static final int DEEP = 100_000;

    @Test
    void complete_millionStages_fitsSmallStack() throws Exception {
        Operation<Integer> first = new Operation<>();
        CompletableFuture<Integer> last = repeat(MILLION, first, stage -> stage.thenApply(value -> value + 1));
        onSmallStack(() -> first.finish(0));
        assertEquals(MILLION, last.getNow(-1));
    }

    @Test
    void fail_millionStages_fitsSmallStack() throws Exception {
        Operation<Integer> first = new Operation<>();
        CompletableFuture<Integer> last = repeat(MILLION, first, stage -> stage.whenComplete((value, failure) -> {}));
        onSmallStack(() -> first.fail(new IllegalStateException("failed")));
        assertEquals(
                "failed", last.handle((value, failure) -> failure.getMessage()).join());
    }

    @Test
    void complete_chainOfPairs_fitsSmallStack() throws Exception {
        Operation<Integer> first = new Operation<>();
        CompletableFuture<Integer> one = Operation.done(1);
        CompletableFuture<Integer> last = repeat(DEEP, first, stage -> stage.thenCombine(one, Integer::sum));
        CompletableFuture<Integer> turned = repeat(DEEP, first, stage -> one.thenCombine(stage, Integer::sum));
        CompletableFuture<Integer> never = new Operation<>();
        CompletableFuture<Integer> either =
                repeat(DEEP, first, stage -> never.applyToEither(stage, value -> value + 1));
        onSmallStack(() -> first.finish(0));
        assertEquals(DEEP, last.getNow(-1));
        assertEquals(DEEP, turned.getNow(-1));
        assertEquals(DEEP, either.getNow(-1));
    }

    /**
     * A recursion of composed stages. The function of a stage begins the next turn. All stages complete after the last
     * turn.
     */
    private static final class Recursion {
        private Operation<Integer> current = new Operation<>();
        final CompletableFuture<Integer> all;

        Recursion(Function<CompletableFuture<Integer>, CompletableFuture<Integer>> around) {
            all = turn(around);
        }

        private CompletableFuture<Integer> turn(
                Function<CompletableFuture<Integer>, CompletableFuture<Integer>> around) {
            current = new Operation<>();
            return around.apply(current).thenCompose(left -> left == 0 ? Operation.done(0) : turn(around));
        }

        void run() {
            for (int left = DEEP; left >= 0; left--) {
                current.finish(left);
            }
        }
    }

    @Test
    void thenCompose_recursion_fitsSmallStack() throws Exception {
        Recursion recursion = new Recursion(future -> future);
        onSmallStack(recursion::run);
        assertEquals(0, recursion.all.getNow(-1));
    }

    @Test
    void thenCompose_recursionThroughForeignStages_fitsSmallStack() throws Exception {
        Recursion recursion =
                new Recursion(future -> CompletableFuture.allOf(future).thenApply(none -> future.getNow(-1)));
        onSmallStack(recursion::run);
        assertEquals(0, recursion.all.getNow(-1));
    }

    @Test
    void thenCompose_recursionThroughBothClasses_fitsSmallStack() throws Exception {
        Operation<Integer>[] current = operations();
        CompletableFuture<Integer> all = turnOfBoth(current);
        onSmallStack(() -> {
            for (int left = DEEP; left >= 0; left--) {
                current[0].finish(left);
            }
        });
        assertEquals(0, all.getNow(-1));
    }

    @SuppressWarnings("unchecked")
    private static Operation<Integer>[] operations() {
        return (Operation<Integer>[]) new Operation<?>[1];
    }

    private static CompletableFuture<Integer> turnOfBoth(Operation<Integer>[] current) {
        Operation<Integer> operation = new Operation<>();
        current[0] = operation;
        return operation.thenCompose(left -> {
            if (left == 0) {
                return Operation.done(0);
            }
            CompletableFuture<Integer> plain = new CompletableFuture<>();
            plain.complete(left);
            return plain.thenCompose(same -> turnOfBoth(current));
        });
    }

    @Test
    void cancel_longChain_fitsSmallStack() throws Exception {
        Operation<Integer> first = new Operation<>();
        CompletableFuture<Integer> last = repeat(DEEP, first, stage -> stage.thenApply(value -> value));
        onSmallStack(() -> last.cancel(false));
        assertEquals(1, first.withdrawals());
    }

    @Test
    void cancel_chainOfSecondSources_fitsSmallStack() throws Exception {
        Operation<Integer> first = new Operation<>();
        CompletableFuture<Integer> last =
                repeat(DEEP, first, stage -> new Operation<Integer>().thenCombine(stage, Integer::sum));
        onSmallStack(() -> last.cancel(false));
        assertEquals(1, first.withdrawals());
    }

    @Test
    void cancel_recursion_fitsSmallStack() throws Exception {
        Recursion recursion = new Recursion(future -> future);
        for (int left = DEEP; left > 0; left--) {
            recursion.current.finish(left);
        }
        onSmallStack(() -> recursion.all.cancel(false));
        assertEquals(1, recursion.current.withdrawals());
    }

    @Test
    void cancel_deepTree_fitsSmallStack() throws Exception {
        Operation<Integer> first = new Operation<>();
        CompletableFuture<Integer> branch = repeat(DEEP, first, stage -> stage.thenApply(value -> value));
        CompletableFuture<Integer> beside = first.copy().thenApply(value -> value);
        onSmallStack(() -> first.thenRun(() -> {}).cancel(false));
        assertEquals(0, first.attempts());
        beside.cancel(false);
        onSmallStack(() -> branch.cancel(false));
        assertEquals(0, first.attempts(), "the copy is alive");
    }

    @Test
    void toString_longChain_fitsSmallStack() throws Exception {
        Operation<Integer> first = new Operation<>();
        CompletableFuture<Integer> last = repeat(DEEP, first, stage -> stage.thenApply(value -> value));
        onSmallStack(() -> assertEquals("readLine from peer [pending]", last.toString()));
    }

    private static CompletableFuture<Integer> repeat(
            int times,
            CompletableFuture<Integer> first,
            Function<CompletableFuture<Integer>, CompletableFuture<Integer>> derive) {
        CompletableFuture<Integer> last = first;
        for (int i = 0; i < times; i++) {
            last = derive.apply(last);
        }
        return last;
    }

    private static void onSmallStack(Runnable action)
            throws InterruptedException, ExecutionException, TimeoutException {
        FutureTask<Boolean> task = new FutureTask<>(action, true);
        Thread thread = new Thread(null, task, "small stack", 256 * 1024);
        thread.setDaemon(true);
        thread.start();
        assertTrue(task.get(30, TimeUnit.SECONDS));
    }
}
