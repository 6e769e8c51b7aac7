package io.github.futuresockets.impl.engine;

import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.transport.ListenSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests the end of an {@link AcceptQueue}. */
class AcceptQueueTest {

    @Test
    void close_lastSocketCannotBeMade_reportsTheEnd() throws Exception {
        OutOfMemoryError want = new OutOfMemoryError("injected");
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletableFuture<AcceptQueue> queue = new CompletableFuture<>();
        InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (AsyncSockets sockets =
                AsyncSockets.builder().provider("loop").threads(1).build()) {
            queue.complete(new AcceptQueue(
                    (Engine) sockets,
                    local,
                    new ListenSettings(),
                    transport -> {
                        queue.join().close();
                        throw want;
                    },
                    () -> done.complete(null)));
            CompletableFuture<AsyncSocket> accept = queue.join().accept(false);
            AsyncSocket caller = Await.value(sockets.connect(queue.join().address()));
            assertSame(want, Await.failure(accept));
            Await.value(done);
            caller.abort();
        }
    }
}
