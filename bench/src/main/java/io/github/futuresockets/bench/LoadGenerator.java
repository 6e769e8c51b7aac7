package io.github.futuresockets.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * A closed loop on one thread: each connection always has its messages in flight, or is followed by another. It uses a plain selector and nothing
 * of this library, so it is the same for every server and cheaper than any of them.
 */
final class LoadGenerator implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Shape shape;
    private final LatencyHistogram latencies = new LatencyHistogram();
    private final List<LoadClient> connections = new ArrayList<>();
    private final Selector selector;
    private final Consumer<SelectionKey> action = this::ready;
    private long messages;

    LoadGenerator(int port, Shape shape) throws IOException {
        this.shape = shape;
        selector = Selector.open();
        LoadConnection.Scratch scratch = new LoadConnection.Scratch(shape);
        try {
            for (int i = 0; i < shape.connections(); i++) {
                connections.add(
                        shape.depth() == 0
                                ? new Churn(port, shape.size(), selector, latencies)
                                : new LoadConnection(port, shape, selector, scratch, latencies));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * Runs the load, first uncounted, then counted.
     *
     * @param serverPid whose CPU time to take over the counted time; 0: nobody's
     */
    LoadResult run(int warmupSeconds, int seconds, long serverPid) throws IOException {
        begin();
        runFor(TimeUnit.SECONDS.toNanos(warmupSeconds));
        messages = 0;
        latencies.reset();
        long ownPid = ProcessHandle.current().pid();
        CpuClock server = serverPid == 0 ? null : CpuClock.of(serverPid);
        CpuClock own = CpuClock.of(ownPid);
        MachineClock machine = MachineClock.now();
        long begun = System.nanoTime();
        runFor(TimeUnit.SECONDS.toNanos(seconds));
        double elapsed = (System.nanoTime() - begun) / 1e9;
        double serverSeconds = server == null ? 0 : CpuClock.of(serverPid).secondsSince(server);
        double ownSeconds = CpuClock.of(ownPid).secondsSince(own);
        double others = MachineClock.now().busySince(machine) - (serverSeconds + ownSeconds) / elapsed;
        return new LoadResult(
                messages,
                messages * shape.bytes(),
                elapsed,
                latencies.percentileMicros(0.5),
                latencies.percentileMicros(0.99),
                serverSeconds,
                Math.max(0, 100 * others));
    }

    /** Runs the load until so many messages are back. */
    void run(long count) throws IOException {
        begin();
        runWhile(now -> messages < count);
    }

    private void begin() throws IOException {
        for (LoadClient connection : connections) {
            connection.begin();
        }
    }

    private void runFor(long nanos) throws IOException {
        long end = System.nanoTime() + nanos;
        runWhile(now -> now - end < 0);
    }

    private void runWhile(LongPredicate goesOn) throws IOException {
        long alive = System.nanoTime();
        for (long now = alive; goesOn.test(now); now = System.nanoTime()) {
            if (selector.select(action, 100) > 0) {
                alive = now;
            } else if (now - alive > PATIENCE_NANOS) {
                throw new IOException("no byte came for " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s");
            }
        }
    }

    private void ready(SelectionKey key) {
        try {
            messages += ((LoadClient) key.attachment()).ready();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (LoadClient connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
