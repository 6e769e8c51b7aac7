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
 * Measures reads of 64 bytes over the network in memory, so without the cost of system calls. All bytes of a round
 * arrive before the first read, so each read is done on return. The exception is {@link #pendingRead}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ReadBenchmark.ROUND)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBenchmark {
    /** The number of reads of a round. */
    static final int ROUND = 64;

    private static final int SIZE = 64;

    private final Codec<ByteBuffer> codec = Codecs.fixedLength(SIZE);
    private final ByteBuffer dst = ByteBuffer.allocate(SIZE);
    private MemoryNetwork network;
    private AsyncSocketPair pair;
    private byte[] message;
    private byte[] round;

    /** Called by JMH. */
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

    /** Closes the two ends. */
    @TearDown
    public void close() {
        network.close();
    }

    private void send(byte[] bytes) {
        done(pair.left().write(bytes));
    }

    /** Returns the result of an operation, or throws its failure. Fails if the operation is pending. */
    private static <T> T done(CompletableFuture<T> operation) {
        if (!operation.isDone()) {
            throw new IllegalStateException("not done on return: " + operation);
        }
        return operation.join();
    }

    /**
     * Reads into a buffer of the caller.
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
     * Reads into a new buffer.
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
     * Reads into a new buffer and adds dependents to the future, as a program does.
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
     * Copies the bytes and adds the same dependents to a future of the JDK. Uses no socket.
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
     * Reads a line of UTF-8.
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
     * Reads a message with a decoder.
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
     * Starts a read, adds the dependents, and then writes the bytes that complete the read.
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
