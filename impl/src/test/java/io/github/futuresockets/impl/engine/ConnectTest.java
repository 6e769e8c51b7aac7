package io.github.futuresockets.impl.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.Await;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests a {@link Connect} in a scripted network. */
class ConnectTest {
    private final ScriptedNetwork network = new ScriptedNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void connect_failureAfterItsSocketIsMade_endsTheSocket() throws Exception {
        DefaultServerSocket server = network.listen();
        Error failure = new LinkageError("injected");
        network.connectFailure = failure;
        CompletableFuture<AsyncSocket> connect = network.engine.connect(server.localAddress());
        assertSame(failure, Await.failure(connect));
        assertEquals(List.of(), network.engine.connections(null), "a connection without a user");
    }
}
