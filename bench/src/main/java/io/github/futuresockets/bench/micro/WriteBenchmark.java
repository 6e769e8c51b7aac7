package io.github.futuresockets.bench.micro;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Several threads write to one connection over loopback, messages of 64 bytes that must not be torn. Each writes a few
 * and waits until the kernel has them. The peer reads and drops; at the end it must have had every byte.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@OperationsPerInvocation(WriteBenchmark.ROUND)
@Threads(4)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class WriteBenchmark {
    static final int ROUND = 16;
    private static final int SIZE = 64;

    /** Who writes. */
    @Param({"futuresockets-loop", "futuresockets-nio2", "lock", "lock-and-queue"})
    public String writer = "";

    private final LongAdder sent = new LongAdder();
    private final byte[] message = new byte[SIZE];
    private Drain drain;
    private SharedWriter shared;

    /** For JMH. */
    public WriteBenchmark() {}

    /**
     * Connects the two ends.
     *
     * @throws IOException if that fails
     */
    @Setup
    public void connect() throws IOException {
        drain = new Drain();
        shared = SharedWriter.to(drain.address(), writer);
    }

    /**
     * Ends both, and compares what was sent with what came.
     *
     * @throws Exception if it is not the same
     */
    @TearDown
    public void close() throws Exception {
        shared.close();
        long received = drain.received();
        if (received != sent.sum()) {
            throw new IllegalStateException(sent.sum() + " bytes were sent, " + received + " have come");
        }
    }

    /** Writes some messages in a row and waits for the last of them, so for all: they leave in their order. */
    @Benchmark
    public void write() {
        sent.add(ROUND * SIZE);
        for (int i = 1; i < ROUND; i++) {
            shared.write(message);
        }
        shared.write(message).join();
    }
}
