package io.github.futuresockets.bench.compare;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.common.Json;
import io.github.futuresockets.bench.load.LoadGenerator;
import io.github.futuresockets.bench.load.LoadResult;
import io.github.futuresockets.bench.load.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A load generator in a JVM of its own. The child reads an order from each line of input and replies with a line of
 * output. Because the JVM stays the same, its code is compiled once, and the same code drives every peer.
 */
public final class LoadJvm implements AutoCloseable {
    /** The command of the child, for internal use only. */
    public static final String COMMAND = "load-orders";

    /** The time of an order in addition to its load, for opening the connections and for sending overdue messages. */
    private static final Duration SLACK = Duration.ofSeconds(20);

    private final ChildJvm jvm;

    public LoadJvm(List<String> pinning) throws IOException {
        jvm = new ChildJvm(pinning, List.of(), List.of(COMMAND));
    }

    boolean isAlive() {
        return jvm.isAlive();
    }

    /**
     * Runs a load against a server and waits for the result.
     *
     * @throws IOException if the load fails, or if the child does not reply in time
     */
    public LoadResult load(ServerJvm server, Shape shape, Duration warmup, Duration counted, Duration patience)
            throws IOException {
        LoadOrder order = new LoadOrder(
                server.port(), server.pid(), shape, warmup.toMillis(), counted.toMillis(), patience.toMillis());
        jvm.writeLine(Json.LINE.toJson(order));
        String line = jvm.readLine(SLACK.plus(patience).plus(warmup).plus(counted));
        LoadReply reply = Json.LINE.fromJson(line, LoadReply.class);
        if (reply.result() == null) {
            throw new IOException(reply.failure());
        }
        return reply.result();
    }

    /** Runs the child. Carries out each order from standard input until the end of the input. */
    public static int run(Arguments arguments) throws Exception {
        arguments.end();
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            System.out.println(Json.LINE.toJson(carryOut(Json.LINE.fromJson(line, LoadOrder.class))));
        }
        return 0;
    }

    private static LoadReply carryOut(LoadOrder order) {
        try (LoadGenerator generator =
                new LoadGenerator(order.port(), order.shape(), Duration.ofMillis(order.patienceMillis()))) {
            Duration warmup = Duration.ofMillis(order.warmupMillis());
            Duration counted = Duration.ofMillis(order.countedMillis());
            return new LoadReply(generator.run(warmup, counted, order.serverPid()), null);
        } catch (IOException | UncheckedIOException e) {
            return new LoadReply(
                    null, e instanceof UncheckedIOException ? e.getCause().toString() : e.toString());
        }
    }

    @Override
    public void close() throws IOException {
        jvm.close();
    }
}
