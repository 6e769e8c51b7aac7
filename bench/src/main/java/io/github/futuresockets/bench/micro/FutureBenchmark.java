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

/** Compares {@link OperationFuture} with the JDK's future, in time and, with {@code -prof gc}, in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FutureBenchmark {
    private static final Integer RESULT = 64;

    /** A future that the benchmark completes. */
    private static final class Operation extends OperationFuture<Integer> {
        Operation() {
            super(null);
        }

        void end() {
            deliver(RESULT);
        }
    }

    /** Called by JMH. */
    public FutureBenchmark() {}

    /**
     * Creates, completes and reads the library's future.
     *
     * @return the result of the future
     */
    @Benchmark
    public Integer operation() {
        Operation operation = new Operation();
        operation.end();
        return operation.getNow(0);
    }

    /**
     * Creates, completes and reads the JDK's future.
     *
     * @return the result of the future
     */
    @Benchmark
    public Integer jdk() {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        future.complete(RESULT);
        return future.getNow(0);
    }

    /**
     * Adds two dependents in a row before completion, as a program does with a pending read.
     *
     * @return the result of the last dependent
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
     * Adds the same dependents to the JDK's future before completion.
     *
     * @return the result of the last dependent
     */
    @Benchmark
    public Integer jdkWithDependents() {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        CompletableFuture<Integer> last = future.thenApply(count -> count + 1).whenComplete((count, failure) -> {});
        future.complete(RESULT);
        return last.getNow(0);
    }

    /**
     * Adds two dependents after completion, as a program does with a read that is done on return.
     *
     * @return the result of the last dependent
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
     * Adds the same dependents to the JDK's future after completion.
     *
     * @return the result of the last dependent
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
     * Composes two pending operations, for example a read and a write after the read.
     *
     * @return the result of the second operation
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
     * Composes two pending futures of the JDK.
     *
     * @return the result of the second future
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
