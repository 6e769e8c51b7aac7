package io.github.futuresockets.bench;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.load.LoadGenerator;
import io.github.futuresockets.bench.load.Shape;
import java.time.Duration;

/** Puts a load on a server, and prints the result in a single line. */
final class Load {
    static final String USAGE = """
            load --port P [--protocol echo|frames|tls] [--connections C] [--size BYTES] [--depth D] [--seconds S] [--warmup W]
                    [--rate R] [--server-pid PID]
                A closed loop on one thread: C connections with D messages in flight on each, every byte checked.
                Depth 0: each message has a connection of its own, C at a time, which is closed behind its echo.
                With a rate: R messages in a second, whatever has come back, each timed from when it was due.
                Prints messages, rate and latency (that of a closed loop is never the latency at a given rate); with
                the server's process id also its CPU time per message.
                Defaults: echo, 1 connection, 64 bytes of payload (frames: 32), depth 1, 5 seconds after a warm-up of 2.
            """;

    private Load() {}

    static int run(Arguments arguments) throws Exception {
        int port = arguments.number("port", 1, 65_535);
        Shape shape = Shape.from(arguments, 1);
        int seconds = arguments.number("seconds", 5, 1, 86_400);
        int warmup = arguments.number("warmup", 2, 0, 86_400);
        long pid = arguments.number("server-pid", 0L);
        arguments.end();
        try (LoadGenerator generator = new LoadGenerator(port, shape, LoadGenerator.PATIENCE)) {
            System.out.println(
                    shape + " " + generator.run(Duration.ofSeconds(warmup), Duration.ofSeconds(seconds), pid));
            return 0;
        }
    }
}
