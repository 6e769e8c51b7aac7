package io.github.futuresockets.bench.load;

import io.github.futuresockets.bench.peer.SocketStreams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.HdrHistogram.Histogram;

/**
 * A load on one thread. In a closed loop each connection always has its messages in flight, or is followed by another;
 * in an open one messages are due at a steady rate, whatever has come back. It uses a plain selector and nothing of this
 * library, so it is the same for every server and cheaper than any of them.
 */
public final class LoadGenerator implements AutoCloseable {
    /** How long nothing may come back before a server is said to hang, unless it is said otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Shape shape;
    private final Duration patience;
    private final Histogram latencies = new Histogram(3);
    private final List<LoadClient> connections = new ArrayList<>();
    private final Selector selector;
    private final Consumer<SelectionKey> action = this::ready;
    private long messages;
    /** When the next message of an open loop is to be sent, and on which connection. */
    private long due;

    private int next;

    public LoadGenerator(int port, Shape shape, Duration patience) throws IOException {
        this.shape = shape;
        this.patience = patience;
        selector = Selector.open();
        SocketStreams streams = SocketStreams.of(shape.protocol());
        LoadConnection.Scratch scratch = new LoadConnection.Scratch(shape, streams);
        try {
            for (int i = 0; i < shape.connections(); i++) {
                connections.add(
                        shape.depth() == 0
                                ? new Churn(port, shape.size(), selector, streams, latencies)
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
    public LoadResult run(Duration warmup, Duration counted, long serverPid) throws IOException {
        begin();
        runFor(warmup);
        messages = 0;
        latencies.reset();
        long ownPid = ProcessHandle.current().pid();
        CpuClock server = serverPid == 0 ? null : CpuClock.of(serverPid);
        CpuClock own = CpuClock.of(ownPid);
        MachineClock machine = MachineClock.now();
        long begun = System.nanoTime();
        runFor(counted);
        double elapsed = (System.nanoTime() - begun) / 1e9;
        double serverSeconds = server == null ? 0 : CpuClock.of(serverPid).secondsSince(server);
        double ownSeconds = CpuClock.of(ownPid).secondsSince(own);
        double others = MachineClock.now().busySince(machine) - (serverSeconds + ownSeconds) / elapsed;
        return new LoadResult(
                messages,
                messages * shape.bytes(),
                elapsed,
                LoadResult.latencies(latencies),
                serverSeconds,
                ownSeconds,
                Math.max(0, 100 * others));
    }

    /** Runs the load until so many messages are back. */
    public void run(long count) throws IOException {
        begin();
        runWhile(now -> messages < count);
    }

    private void begin() throws IOException {
        due = System.nanoTime();
        for (LoadClient connection : connections) {
            connection.begin();
        }
    }

    private void runFor(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        runWhile(now -> now - end < 0);
    }

    private void runWhile(LongPredicate goesOn) throws IOException {
        long alive = System.nanoTime();
        for (long now = alive; goesOn.test(now); now = System.nanoTime()) {
            if (select(now) > 0) {
                alive = now;
            } else if (now - alive > patience.toNanos()) {
                throw new IOException("no byte came for " + patience.toMillis() + " ms");
            }
        }
    }

    /** A selector sleeps to the millisecond, which is too coarse for an open loop: that one never sleeps. */
    private int select(long now) throws IOException {
        if (!shape.isOpenLoop()) {
            return selector.select(action, 100);
        }
        while (due - now <= 0) {
            connections.get(next).send(due);
            next = (next + 1) % connections.size();
            due += TimeUnit.SECONDS.toNanos(1) / shape.rate();
        }
        return selector.selectNow(action);
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
