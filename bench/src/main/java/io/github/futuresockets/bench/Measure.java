package io.github.futuresockets.bench;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.common.Statistics;
import io.github.futuresockets.bench.common.UsageException;
import io.github.futuresockets.bench.compare.ChildJvm;
import io.github.futuresockets.bench.compare.LoadJvm;
import io.github.futuresockets.bench.compare.ServerJvm;
import io.github.futuresockets.bench.load.LoadGenerator;
import io.github.futuresockets.bench.load.LoadResult;
import io.github.futuresockets.bench.load.Shape;
import io.github.futuresockets.bench.peer.Peers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Compares peers by the server's CPU time for each echoed message, in rounds that measure every peer once. */
final class Measure {
    static final String USAGE = """
            measure --peers A,B[,C] [--protocol echo|frames|tls] [--pairs N] [--connections C] [--size BYTES] [--depth D]
                    [--seconds S] [--warmup W] [--threads T] [--buffer BYTES] [--jvm fresh|kept] [--repeats N]
                Server CPU time per message of each peer, and its ratio to the last peer named. In each round every peer
                is measured once, in an order that turns round from round to round; server on CPU 0, load on CPU 1.
                fresh: a new server JVM for each measurement, because the JIT does not make the same of the same code in
                every JVM; kept: one for each peer and all rounds.
                A round in which other processes used more than 10 % of a CPU is measured again, N times in all.
                Defaults: echo, 9 pairs, 64 connections, 64 bytes (frames: 32), depth 1, 4 seconds after a warm-up of 4, 1 thread, buffers
                of 16384 bytes, fresh, no repeats.
            """;

    private final List<String> peers;
    private final Shape shape;
    private final int pairs;
    private final int seconds;
    private final int warmup;
    private final int threads;
    private final int buffer;
    private final boolean fresh;
    private final List<String> serverCpu = ChildJvm.pinnedTo(0);
    private final double[][] micros;
    /** The number of disturbed rounds that may still be repeated. */
    private int repeats;

    /** The highest use of CPU time by other processes in the current round, in percent of a CPU. */
    private double othersNow;

    /** The highest use of CPU time by other processes in the rounds that count, in percent of a CPU. */
    private double others;

    private Measure(Arguments arguments) throws UsageException {
        peers = Arrays.asList(arguments.text("peers").split(","));
        shape = Shape.from(arguments, 64);
        for (String peer : peers) {
            Peers.create(peer, shape.protocol());
        }
        pairs = arguments.number("pairs", 9, 1, 10_000);
        seconds = arguments.number("seconds", 4, 1, 3600);
        warmup = arguments.number("warmup", 4, 0, 3600);
        threads = arguments.number("threads", 1, 1, 1024);
        buffer = arguments.number("buffer", 16_384, 1, 1 << 26);
        String jvm = arguments.text("jvm", "fresh");
        if (!jvm.equals("fresh") && !jvm.equals("kept")) {
            throw new UsageException("--jvm must be fresh or kept, not " + jvm);
        }
        fresh = jvm.equals("fresh");
        repeats = arguments.number("repeats", 0, 0, 10_000);
        arguments.end();
        micros = new double[peers.size()][pairs];
    }

    static int run(Arguments arguments) throws Exception {
        Measure measure = new Measure(arguments);
        measure.printConditions();
        try (LoadJvm load = new LoadJvm(ChildJvm.pinnedTo(1))) {
            if (measure.fresh) {
                measure.runFresh(load);
            } else {
                measure.runKept(load);
            }
        }
        measure.printResult();
        return 0;
    }

    private void printConditions() {
        System.out.printf("peers: %s%n", String.join(", ", peers));
        System.out.printf(
                "load: %s, %d s counted after a warm-up of %d s, %d pairs, the order turning round%n",
                shape, seconds, warmup, pairs);
        System.out.printf(
                "server: threads=%d buffer=%d, %s%n",
                threads, buffer, fresh ? "a fresh JVM for each measurement" : "one JVM for each peer, kept");
        System.out.printf(
                "java: %s %s, %s%n",
                System.getProperty("java.vm.name"), Runtime.version(), String.join(" ", ChildJvm.FLAGS));
        System.out.printf(
                "cpus: %s%n",
                serverCpu.isEmpty() || ChildJvm.pinnedTo(1).isEmpty()
                        ? "NOT pinned, for want of taskset or of a second CPU: expect noise"
                        : "server pinned to 0, load pinned to 1");
    }

    private void runFresh(LoadJvm load) throws IOException {
        for (int round = 0; round < pairs; round += counts() ? 1 : 0) {
            for (int peer : order(round)) {
                try (ServerJvm server = startServer(peer)) {
                    measure(round, peer, server, load);
                }
            }
        }
    }

    private void runKept(LoadJvm load) throws IOException {
        List<ServerJvm> servers = new ArrayList<>();
        try {
            for (int peer = 0; peer < peers.size(); peer++) {
                servers.add(startServer(peer));
            }
            for (int round = 0; round < pairs; round += counts() ? 1 : 0) {
                for (int peer : order(round)) {
                    measure(round, peer, servers.get(peer), load);
                }
            }
        } finally {
            for (ServerJvm server : servers) {
                server.close();
            }
        }
    }

    /**
     * Returns true if the current round counts, and prepares the next round. A disturbed round does not count while
     * repeats are left. The measured figures of the peers never influence the decision.
     */
    private boolean counts() {
        double seen = othersNow;
        othersNow = 0;
        if (seen > LoadResult.DISTURBING && repeats > 0) {
            repeats--;
            System.out.println("    again, for what other processes used");
            return false;
        }
        others = Math.max(others, seen);
        return true;
    }

    // Every second round has the reverse order, so a drift over time favours no peer.
    private int[] order(int round) {
        int[] order = new int[peers.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = round % 2 == 0 ? i : order.length - 1 - i;
        }
        return order;
    }

    private ServerJvm startServer(int peer) throws IOException {
        return new ServerJvm(serverCpu, peers.get(peer), shape.protocol(), threads, buffer);
    }

    private void measure(int round, int peer, ServerJvm server, LoadJvm load) throws IOException {
        LoadResult result = load.load(
                server, shape, Duration.ofSeconds(warmup), Duration.ofSeconds(seconds), LoadGenerator.PATIENCE);
        micros[peer][round] = result.serverMicrosPerMessage();
        System.out.printf(
                Locale.ROOT,
                "%3d %-28s %7.3f us/message %9.0f messages/s  p50 %.0f us  p99 %.0f us  server busy %.0f %%  others %.0f %%%n",
                round + 1,
                peers.get(peer),
                result.serverMicrosPerMessage(),
                result.messagesPerSecond(),
                result.latency(50),
                result.latency(99),
                result.serverBusy(),
                result.others());
        othersNow = Math.max(othersNow, result.others());
    }

    private void printResult() {
        if (others > LoadResult.DISTURBING) {
            System.out.printf(
                    Locale.ROOT,
                    "%nDISTURBED: other processes used up to %.0f %% of a CPU, so this shows little%n",
                    others);
        }
        System.out.printf("%nserver CPU time, us/message%n");
        for (int peer = 0; peer < peers.size(); peer++) {
            System.out.printf(
                    Locale.ROOT,
                    "    %-28s median %.3f  quartiles %.3f to %.3f  extremes %.3f to %.3f%n",
                    peers.get(peer),
                    Statistics.median(micros[peer]),
                    Statistics.quantile(micros[peer], 0.25),
                    Statistics.quantile(micros[peer], 0.75),
                    Statistics.quantile(micros[peer], 0),
                    Statistics.quantile(micros[peer], 1));
        }
        int last = peers.size() - 1;
        System.out.printf(
                "ratio to %s, median over the pairs and its 95 %% interval (bootstrap, %d resamples, seed %d)%n",
                peers.get(last), Statistics.RESAMPLES, Statistics.SEED);
        for (int peer = 0; peer < last; peer++) {
            double[] ratios = new double[pairs];
            for (int round = 0; round < pairs; round++) {
                ratios[round] = micros[peer][round] / micros[last][round];
            }
            double[] interval = Statistics.medianInterval(ratios);
            System.out.printf(
                    Locale.ROOT,
                    "    %-28s %.3f  [%.3f, %.3f]%n",
                    peers.get(peer),
                    Statistics.median(ratios),
                    interval[0],
                    interval[1]);
        }
    }
}
