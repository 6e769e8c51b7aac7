package io.github.futuresockets.bench.micro;

import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Reads of 64 bytes without a kernel, and so what they cost beside the system calls. But for {@link #pendingRead} all bytes
 * of a round are there before its first read, so that each read is done when it returns.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ReadBenchmark.ROUND)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBenchmark {
    static final int ROUND = 64;
    private static final int SIZE = 64;

    private final Codec<ByteBuffer> codec = Codecs.fixedLength(SIZE);
    private final ByteBuffer dst = ByteBuffer.allocate(SIZE);
    private MemoryNetwork network;
    private AsyncSocketPair pair;
    private byte[] message;
    private byte[] round;

    /** For JMH. */
    public ReadBenchmark() {}

    /** Connects the two ends. */
    @Setup
    public void connect() {
        network = MemoryNetwork.create();
        pair = network.pair();
        message = new byte[SIZE];
        Arrays.fill(message, (byte) 'm');
        message[SIZE - 1] = '\n';
        round = new byte[ROUND * SIZE];
        for (int i = 0; i < ROUND; i++) {
            System.arraycopy(message, 0, round, i * SIZE, SIZE);
        }
    }

    /** Ends both. */
    @TearDown
    public void close() {
        network.close();
    }

    private void send(byte[] bytes) {
        done(pair.left().write(bytes));
    }

    /** What is measured must not wait; failures are thrown. */
    private static <T> T done(CompletableFuture<T> operation) {
        if (!operation.isDone()) {
            throw new IllegalStateException("not done on return: " + operation);
        }
        return operation.join();
    }

    /**
     * Into a buffer of the caller's.
     *
     * @param blackhole takes the results
     */
    @Benchmark
    public void read(Blackhole blackhole) {
        send(round);
        for (int i = 0; i < ROUND; i++) {
            blackhole.consume((int) done(pair.right().read(dst.clear())));
            blackhole.consume(dst);
        }
    }

    /**
     * Into a buffer of its own.
     *
     * @param blackhole takes the results
     */
    @Benchmark
    public void readExactly(Blackhole blackhole) {
        send(round);
        for (int i = 0; i < ROUND; i++) {
            blackhole.consume(done(pair.right().readExactly(SIZE)));
        }
    }

    /**
     * With dependents, as a program has them.
     *
     * @param blackhole takes the results
     */
    @Benchmark
    public void readExactlyWithDependents(Blackhole blackhole) {
        send(round);
        for (int i = 0; i < ROUND; i++) {
            blackhole.consume((int) done(withDependents(pair.right().readExactly(SIZE))));
        }
    }

    /**
     * No socket: a copy of the bytes, the JDK's future and the same dependents.
     *
     * @param blackhole takes the results
     */
    @Benchmark
    public void jdkCopyWithDependents(Blackhole blackhole) {
        for (int i = 0; i < ROUND; i++) {
            ByteBuffer copy = ByteBuffer.wrap(Arrays.copyOfRange(round, i * SIZE, (i + 1) * SIZE));
            blackhole.consume((int) done(withDependents(CompletableFuture.completedFuture(copy))));
        }
    }

    private static CompletableFuture<Integer> withDependents(CompletableFuture<ByteBuffer> bytes) {
        return bytes.thenApply(ByteBuffer::remaining)
                .thenApply(count -> count + 1)
                .whenComplete((count, failure) -> {});
    }

    /**
     * A line of UTF-8.
     *
     * @param blackhole takes the results
     */
    @Benchmark
    public void readLine(Blackhole blackhole) {
        send(round);
        for (int i = 0; i < ROUND; i++) {
            blackhole.consume(done(pair.right().readLine()));
        }
    }

    /**
     * By a decoder.
     *
     * @param blackhole takes the results
     */
    @Benchmark
    public void readMessage(Blackhole blackhole) {
        send(round);
        for (int i = 0; i < ROUND; i++) {
            blackhole.consume(done(pair.right().readMessage(codec)));
        }
    }

    /**
     * The read comes first, with its dependents, and the write that it waits for completes it.
     *
     * @param blackhole takes the results
     */
    @Benchmark
    public void pendingRead(Blackhole blackhole) {
        for (int i = 0; i < ROUND; i++) {
            CompletableFuture<Integer> count = withDependents(pair.right().readExactly(SIZE));
            send(message);
            blackhole.consume((int) done(count));
        }
    }
}
