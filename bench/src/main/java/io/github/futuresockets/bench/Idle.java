package io.github.futuresockets.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a connection costs that has spoken once and is silent now: heap behind a collection, and direct buffers. */
final class Idle {
    static final String USAGE = """
            idle --peers A[,B] [--tls] [--connections C] [--threads T] [--buffer BYTES]
                Memory of a server JVM for each of C connections that have had a line of 64 bytes echoed and are idle
                now, beyond what it holds with the first hundred of them. What native code takes from the C library, as the
                OpenSSL of Netty does, is no part of it.
                Defaults: 10000 connections (TLS: 1000), 1 thread, buffers of 16384 bytes.
            """;

    private static final int FIRST = 100;
    private static final int LINE = 64;

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
                IdleResult result = measure(server, new Shape(protocol, connections, LINE, 1));
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

    static IdleResult measure(ServerJvm server, Shape shape) throws IOException {
        List<Socket> open = new ArrayList<>();
        try (JvmMemory memory = new JvmMemory(server.pid())) {
            speak(open, server.port(), shape.protocol(), FIRST);
            long heap = memory.liveHeap();
            long direct = memory.direct();
            speak(open, server.port(), shape.protocol(), shape.connections());
            double count = shape.connections();
            return new IdleResult((memory.liveHeap() - heap) / count, (memory.direct() - direct) / count);
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
    }

    /** So many more connections have a line echoed. */
    private static void speak(List<Socket> open, int port, Protocol protocol, int count) throws IOException {
        byte[] line = new byte[LINE];
        Arrays.fill(line, (byte) 'x');
        line[LINE - 1] = '\n';
        for (int i = 0; i < count; i++) {
            Socket socket = protocol.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            open.add(socket);
            socket.setSoTimeout((int) LoadGenerator.PATIENCE.toMillis());
            socket.getOutputStream().write(line);
            if (!Arrays.equals(line, socket.getInputStream().readNBytes(LINE))) {
                throw new IOException("the echo on " + socket + " is not what was sent");
            }
        }
    }
}
