package io.github.futuresockets.bench;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.peer.Peer;
import io.github.futuresockets.bench.peer.Peers;
import io.github.futuresockets.bench.peer.Protocol;
import java.util.concurrent.CountDownLatch;

/** Runs a peer until the process is killed. */
final class Serve {
    static final String USAGE =
            """
            serve --peer NAME --port P [--protocol echo|frames|tls] [--threads N] [--buffer BYTES]
                An echo server on 127.0.0.1 until it is killed; one line says where it listens. Port 0: any free one.
                Protocols: echo, bytes as they come; frames, each behind its length, a big-endian number of 4 bytes;
                tls, an echo over TLS 1.3 (--tls is short for it).
                Peers of echo: %s; of frames: %s;
                of tls: %s.
                Defaults: echo, 1 thread, buffers of 16384 bytes (transfers, Netty and what is built on it choose for
                themselves).
            """.formatted(Peers.names(Protocol.ECHO), Peers.names(Protocol.FRAMES), Peers.names(Protocol.TLS));

    private Serve() {}

    static int run(Arguments arguments) throws Exception {
        String name = arguments.text("peer");
        Protocol protocol = Protocol.from(arguments);
        int port = arguments.number("port", 0, 65_535);
        int threads = arguments.number("threads", 1, 1, 1024);
        int buffer = arguments.number("buffer", 16_384, 1, 1 << 26);
        arguments.end();
        try (Peer peer = Peers.runnable(name, protocol)) {
            int bound = peer.start(port, threads, buffer);
            System.out.printf(
                    "listening 127.0.0.1:%d peer=%s threads=%d buffer=%d pid=%d%n",
                    bound, name, threads, buffer, peer.pid());
            System.out.flush();
            new CountDownLatch(1).await();
            return 0;
        }
    }
}
