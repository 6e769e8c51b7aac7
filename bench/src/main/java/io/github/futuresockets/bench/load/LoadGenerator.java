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
 * A load on a server, driven by a single thread over a plain selector. Because the generator uses no code of the
 * library under test, the load is the same for every server. The generator also takes less CPU time than any of the
 * servers.
 *
 * <ul>
 *   <li>In a closed loop, each connection always has a fixed number of messages in flight, or a new connection replaces
 *       a connection after its message.
 *   <li>In an open loop, messages are due at a steady rate, no matter how many have come back.
 * </ul>
 *
 * <p>A generator is not thread-safe.
 */
public final class LoadGenerator implements AutoCloseable {
    /** The default time without any progress after which a server counts as hung. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Shape shape;
    private final Duration patience;
    private final Histogram latencies = new Histogram(3);
    private final List<LoadClient> connections = new ArrayList<>();
    private final Selector selector;
    private final Consumer<SelectionKey> action = this::ready;
    private long messages;
    /** The planned time of the next message of an open loop, as a value of {@link System#nanoTime}. */
    private long due;

    /** The index of the connection for the next message of an open loop. */
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
     * Runs the load, first for a warm-up and then for the counted time.
     *
     * @param serverPid the process whose CPU time is measured over the counted time, or 0 for no measurement
     * @throws IOException if no channel was ready for the patience, a send failed, or a CPU time cannot be read
     * @throws UncheckedIOException if an echo was wrong, or if a ready connection failed
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

    /** Runs the load until at least {@code count} messages have come back. */
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

    /**
     * Sends the messages that are due, in an open loop, and serves the ready channels. Returns the number of ready
     * channels. An open loop never sleeps, because a selector sleeps for whole milliseconds.
     */
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
