package io.github.futuresockets.bench;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.compare.ChildJvm;
import io.github.futuresockets.bench.compare.IdleMeasurement;
import io.github.futuresockets.bench.compare.ServerJvm;
import io.github.futuresockets.bench.load.Shape;
import io.github.futuresockets.bench.peer.Peers;
import io.github.futuresockets.bench.peer.Protocol;
import io.github.futuresockets.bench.result.IdleResult;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Measures the memory of a server for each idle connection, as live heap after a collection and as direct buffers. */
final class Idle {
    static final String USAGE = """
            idle --peers A[,B] [--tls] [--connections C] [--threads T] [--buffer BYTES]
                Memory of a server JVM for each of C connections that have had a line of 64 bytes echoed and are idle
                now, beyond what it holds with the first hundred of them. What native code takes from the C library, as the
                OpenSSL of Netty does, is no part of it.
                Defaults: 10000 connections (TLS: 1000), 1 thread, buffers of 16384 bytes.
            """;

    private Idle() {}

    static int run(Arguments arguments) throws Exception {
        List<String> peers = Arrays.asList(arguments.text("peers").split(","));
        Protocol protocol = Protocol.from(arguments);
        int connections = arguments.number("connections", protocol == Protocol.TLS ? 1_000 : 10_000, 1, 60_000);
        int threads = arguments.number("threads", 1, 1, 1024);
        int buffer = arguments.number("buffer", 16_384, 1, 1 << 26);
        arguments.end();
        System.out.printf("java: %s, %s%n", Runtime.version(), String.join(" ", ChildJvm.FLAGS));
        for (String peer : peers) {
            Peers.create(peer, protocol);
            try (ServerJvm server = new ServerJvm(List.of(), peer, protocol, threads, buffer)) {
                IdleResult result =
                        IdleMeasurement.of(server, new Shape(protocol, connections, IdleMeasurement.LINE, 1));
                System.out.printf(
                        Locale.ROOT,
                        "%-28s %d idle connections: %.0f bytes of heap each, %.0f of direct buffers%n",
                        peer,
                        connections,
                        result.heap(),
                        result.direct());
            }
        }
        return 0;
    }
}
