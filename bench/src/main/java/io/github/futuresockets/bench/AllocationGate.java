package io.github.futuresockets.bench;

import io.github.futuresockets.bench.AllocationBounds.Subject;
import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.compare.ChildJvm;
import io.github.futuresockets.bench.micro.AllocatedBytes;
import io.github.futuresockets.bench.micro.EchoBenchmark;
import io.github.futuresockets.bench.peer.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Checks the bytes of heap that a server allocates for each message, against {@link AllocationBounds}.
 *
 * <p>Unlike a time, the result does not depend on the machine or on its load. The program counts messages, not seconds.
 * With {@code -Xbatch} a method waits for its compilation, so the compiled code does not depend on the scheduler.
 *
 * <p>Allocations outside the measured loop can only add bytes. Therefore the smallest of several batches counts. JVMs
 * inline in slightly different ways. Therefore the smallest result of several JVMs counts, and the first result within
 * the bound ends the measurement of a server.
 */
final class AllocationGate {
    static final String USAGE = """
            allocation [--bounds FILE] [--forks F]
                Bytes of heap that servers take for each message that they send back, compared with bounds; 1 if one
                takes more. One message is in flight. Measured in up to F JVMs, until one is within the bound.
                Defaults: the bounds that are in this program; 5 JVMs.
            """;

    /** The command of the child JVMs, of no use to a person. */
    static final String FORK = "allocation-fork";

    private static final int BATCH = 10_000;
    private static final int WARM_UP = 6;
    private static final int BATCHES = 4;

    private AllocationGate() {}

    static int run(Arguments arguments) throws Exception {
        AllocationBounds bounds = AllocationBounds.read(arguments.text("bounds", ""));
        int forks = arguments.number("forks", 5, 1, 100);
        arguments.end();
        System.out.printf("java: %s%n", Runtime.version());
        Map<Subject, Double> measured = new LinkedHashMap<>();
        for (Subject each : bounds.subjects()) {
            double bytes = Double.POSITIVE_INFINITY;
            for (int i = 0; i < forks && !(bytes <= bounds.of(each)); i++) {
                bytes = Math.min(bytes, measureInFork(each));
            }
            measured.put(each, bytes);
            System.out.printf(
                    Locale.ROOT,
                    "%-6s %-28s %8.2f bytes a message, of %8.2f%s%n",
                    each.protocol(),
                    each.peer(),
                    bytes,
                    bounds.of(each),
                    bytes <= bounds.of(each) ? "" : ": TOO MUCH");
        }
        List<Subject> exceeded = bounds.exceeded(measured);
        if (!exceeded.isEmpty()) {
            System.err.println("error: more heap than allowed is taken by " + exceeded);
        }
        return exceeded.isEmpty() ? 0 : 1;
    }

    private static double measureInFork(Subject subject) throws IOException {
        List<String> command = List.of(FORK, "--protocol", subject.protocol().toString(), "--peer", subject.peer());
        try (ChildJvm fork = new ChildJvm(List.of(), List.of("-Xbatch"), command)) {
            return Double.parseDouble(fork.readLine(Duration.ofMinutes(2)));
        }
    }

    /** Measures a server within this JVM, a child, and prints the bytes of heap for each message. */
    static int fork(Arguments arguments) throws Exception {
        EchoBenchmark echo = new EchoBenchmark();
        echo.protocol = Protocol.from(arguments).toString();
        echo.peer = arguments.text("peer");
        echo.size = 64;
        arguments.end();
        echo.start();
        try {
            for (int i = 0; i < WARM_UP; i++) {
                batch(echo);
            }
            AllocatedBytes allocated = new AllocatedBytes();
            long smallest = Long.MAX_VALUE;
            for (int i = 0; i < BATCHES; i++) {
                allocated.mark();
                batch(echo);
                smallest = Math.min(smallest, allocated.sinceMark());
            }
            System.out.println((double) smallest / BATCH);
        } finally {
            echo.stop();
        }
        return 0;
    }

    private static void batch(EchoBenchmark echo) throws IOException {
        for (int i = 0; i < BATCH; i++) {
            echo.pingPong();
        }
    }
}
