package io.github.futuresockets.bench.micro;

import io.github.futuresockets.future.OperationFuture;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the library's own future costs beside the JDK's, in time and with {@code -prof gc} in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FutureBenchmark {
    private static final Integer RESULT = 64;

    private static final class Operation extends OperationFuture<Integer> {
        Operation() {
            super(null);
        }

        void end() {
            deliver(RESULT);
        }
    }

    /** For JMH. */
    public FutureBenchmark() {}

    /**
     * The future alone: made, ended, looked at.
     *
     * @return its result
     */
    @Benchmark
    public Integer operation() {
        Operation operation = new Operation();
        operation.end();
        return operation.getNow(0);
    }

    /**
     * The JDK's future alone.
     *
     * @return its result
     */
    @Benchmark
    public Integer jdk() {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        future.complete(RESULT);
        return future.getNow(0);
    }

    /**
     * With two dependents in a row, there before the end, as behind a read that waits.
     *
     * @return the result of the last one
     */
    @Benchmark
    public Integer operationWithDependents() {
        Operation operation = new Operation();
        CompletableFuture<Integer> last =
                operation.thenApply(count -> count + 1).whenComplete((count, failure) -> {});
        operation.end();
        return last.getNow(0);
    }

    /**
     * The JDK's future with the same dependents.
     *
     * @return the result of the last one
     */
    @Benchmark
    public Integer jdkWithDependents() {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        CompletableFuture<Integer> last = future.thenApply(count -> count + 1).whenComplete((count, failure) -> {});
        future.complete(RESULT);
        return last.getNow(0);
    }

    /**
     * With two dependents that come behind the end, as behind a read that is done on return.
     *
     * @return the result of the last one
     */
    @Benchmark
    public Integer operationThenDependents() {
        Operation operation = new Operation();
        operation.end();
        return operation
                .thenApply(count -> count + 1)
                .whenComplete((count, failure) -> {})
                .getNow(0);
    }

    /**
     * The same with the JDK's future.
     *
     * @return the result of the last one
     */
    @Benchmark
    public Integer jdkThenDependents() {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        future.complete(RESULT);
        return future.thenApply(count -> count + 1)
                .whenComplete((count, failure) -> {})
                .getNow(0);
    }

    /**
     * One operation behind another, both pending when they are asked for: a read and then a write, say.
     *
     * @return the result of the second one
     */
    @Benchmark
    public Integer operationsComposed() {
        Operation first = new Operation();
        Operation second = new Operation();
        CompletableFuture<Integer> last = first.thenCompose(count -> second);
        first.end();
        second.end();
        return last.getNow(0);
    }

    /**
     * The same with the JDK's futures.
     *
     * @return the result of the second one
     */
    @Benchmark
    public Integer jdkComposed() {
        CompletableFuture<Integer> first = new CompletableFuture<>();
        CompletableFuture<Integer> second = new CompletableFuture<>();
        CompletableFuture<Integer> last = first.thenCompose(count -> second);
        first.complete(RESULT);
        second.complete(RESULT);
        return last.getNow(0);
    }
}
