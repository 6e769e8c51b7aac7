package io.github.futuresockets.impl.tls;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;

/** A proxy between clients and server of encrypted connections. A {@link Passage} handles the bytes of a client. */
final class Middle implements AutoCloseable {

    /** Passes bytes of a client on to the server. The stage completes when further bytes may come. */
    interface Passage {
        CompletionStage<?> pass(byte[] bytes, AsyncSocket server);
    }

    private final AsyncServerSocket front;

    Middle(AsyncSockets sockets, AsyncServerSocket server, Passage passage) throws IOException {
        front = sockets.listen(new InetSocketAddress("127.0.0.1", 0));
        front.serve(client -> sockets.connect(server.localAddress()).thenCompose(behind -> {
            behind.transferTo(client).whenComplete((count, failure) -> client.close());
            return AsyncLoop.forEach(() -> client.readSome(65_536), bytes -> passage.pass(bytes.array(), behind))
                    .whenComplete((none, failure) -> behind.close());
        }));
    }

    SocketAddress address() {
        return front.localAddress();
    }

    @Override
    public void close() {
        front.close();
    }
}
