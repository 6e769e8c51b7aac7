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
 * Measures how several threads share a single connection over loopback. Each thread writes messages of 64 bytes in
 * rounds, and waits after each round until the kernel has the messages. The writers keep the bytes of a message
 * together. The peer drops all bytes. At the end the numbers of sent and received bytes must be equal.
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
    /** The number of messages of a round. */
    static final int ROUND = 16;

    private static final int SIZE = 64;

    /** The name of the writer, for {@link SharedWriter#to}. */
    @Param({"futuresockets-loop", "futuresockets-nio2", "lock", "lock-and-queue"})
    public String writer = "";

    /** The bytes that all threads have sent. */
    private final LongAdder sent = new LongAdder();

    private final byte[] message = new byte[SIZE];
    private Drain drain;
    private SharedWriter shared;

    /** Called by JMH. */
    public WriteBenchmark() {}

    /**
     * Starts the peer and connects the writer.
     *
     * @throws IOException if the connection cannot be made
     */
    @Setup
    public void connect() throws IOException {
        drain = new Drain();
        shared = SharedWriter.to(drain.address(), writer);
    }

    /**
     * Closes the connection, and compares the numbers of sent and received bytes.
     *
     * @throws Exception if the numbers differ
     */
    @TearDown
    public void close() throws Exception {
        shared.close();
        long received = drain.received();
        if (received != sent.sum()) {
            throw new IllegalStateException(sent.sum() + " bytes were sent, " + received + " have come");
        }
    }

    /** Writes a round of messages, and waits for the last message. The messages of a thread are sent in order. */
    @Benchmark
    public void write() {
        sent.add(ROUND * SIZE);
        for (int i = 1; i < ROUND; i++) {
            shared.write(message);
        }
        shared.write(message).join();
    }
}
