package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.adversity.UnloadedFirstUser;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Program;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code AsyncSockets.shared()}, and the choice of a provider. */
class SharedSocketsTest {

    @Test
    void shared_closeDoesNothing() throws Exception {
        AsyncSockets shared = AsyncSockets.shared();
        shared.close();
        assertSame(shared, AsyncSockets.shared());
        try (AsyncServerSocket listener = shared.listen("127.0.0.1", 0)) {
            CompletableFuture<AsyncSocket> accept = listener.accept();
            AsyncSocket caller = Await.value(shared.connect(listener.localAddress()));
            AsyncSocket accepted = Await.value(accept);
            shared.close();
            Await.value(caller.writeLine("still here"));
            assertEquals("still here", Await.value(accepted.readLine()));
            caller.close();
            assertEquals(null, Await.value(accepted.readLine()));
            accepted.close();
            Await.value(accepted.closed());
            Await.value(caller.closed());
        }
    }

    @Test
    void shared_runsOnDaemonThreads() throws Exception {
        AsyncSockets shared = AsyncSockets.shared();
        shared.listen("127.0.0.1", 0).close();
        List<Thread> its = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("futuresockets-shared-"))
                .collect(Collectors.toList());
        assertTrue(!its.isEmpty(), "its threads have names");
        its.forEach(thread -> assertTrue(thread.isDaemon(), thread.getName()));
    }

    @Test
    void shared_firstUsingApplication_canBeUnloaded() throws Exception {
        assertEquals("unloaded", new Program(UnloadedFirstUser.class).run().strip());
    }

    @Test
    void provider_unknownName_failsListingKnownNames() {
        String message = assertThrows(
                        IllegalStateException.class,
                        () -> AsyncSockets.builder().provider("pigeon").build())
                .getMessage();
        assertTrue(message.contains("pigeon") && message.contains("nio2"), message);
    }
}
