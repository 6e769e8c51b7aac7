package io.github.futuresockets.impl.flow;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Sockets with sending or receiving peers. */
final class Conversations implements AutoCloseable {
    /** A codec for messages of a single byte. */
    static final Codec<Byte> BYTES = Codec.of((in, seen) -> in.get(), one -> ByteBuffer.wrap(new byte[] {one}));

    private static final long ENDLESS = 100_000;

    private final AsyncSockets sockets;
    private final PeerServer server = new PeerServer();
    private final Queue<Peer> peers = new ConcurrentLinkedQueue<>();

    Conversations(String provider) {
        sockets = AsyncSockets.builder().provider(provider).build();
    }

    /** Returns a socket whose peer sends {@code bytes} bytes and then the end of stream. */
    AsyncSocket sending(long bytes) {
        AsyncSocket socket = connect(peer -> {
            byte[] some = new byte[4_096];
            for (long left = bytes; left > 0; left -= some.length) {
                peer.send(left < some.length ? new byte[(int) left] : some);
            }
            peer.end();
        });
        if (bytes < ENDLESS) {
            // After the wait, all bytes have arrived or arrive soon.
            Await.value(socket.readable());
        }
        return socket;
    }

    /** Returns a socket whose peer reads everything. */
    AsyncSocket receiving() {
        return connect(Peer::awaitOver);
    }

    private AsyncSocket connect(java.util.function.Consumer<Peer> script) {
        AsyncSocket socket = Await.value(sockets.connect(server.address()));
        Peer peer = server.accept(socket.localAddress());
        peers.add(peer);
        Background.run(() -> {
            try {
                script.accept(peer);
            } catch (UncheckedIOException closed) {
                // The test is over.
            }
        });
        return socket;
    }

    @Override
    public void close() {
        Await.value(sockets.shutdown(java.time.Duration.ZERO).orTimeout(10, TimeUnit.SECONDS));
        peers.forEach(Peer::close);
        sockets.close();
        server.close();
    }
}
