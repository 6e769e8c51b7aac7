package io.github.futuresockets.impl.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.TestCertificates;
import io.github.futuresockets.impl.transport.ListenSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests a {@link HandshakeStage} before the queue of a scripted listener. */
class HandshakeStageTest {
    private static final TlsOptions CLIENT =
            TlsOptions.client().context(TestCertificates.client()).handshakeTimeout(Duration.ofHours(1));

    private final OutOfMemoryError want = new OutOfMemoryError("injected");
    private final ScriptedNetwork network = new ScriptedNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    private DefaultServerSocket listen(int maxConnections) throws IOException {
        ListenSettings settings = new ListenSettings();
        settings.maxConnections(maxConnections);
        settings.tls(TlsOptions.server(TestCertificates.server()).handshakeTimeout(Duration.ofSeconds(10)));
        return network.listen(settings);
    }

    /** Connects with a handshake, and brings the connection to the listener. */
    private CompletableFuture<AsyncSocket> handshake(DefaultServerSocket server) {
        InetSocketAddress address = new InetSocketAddress("localhost", server.port());
        return network.bring(network.callers().connect(address, options -> options.tls(CLIENT)));
    }

    @Test
    void accept_handshakeDone_getsEncryptedSocket() throws Exception {
        DefaultServerSocket server = listen(10);
        assertEquals(0, network.requests);
        CompletableFuture<AsyncSocket> accept = server.accept();
        assertEquals(1, network.requests);
        AsyncSocket caller = Await.value(handshake(server));
        AsyncSocket accepted = Await.value(accept);
        assertTrue(accepted.tlsSession().isPresent());
        caller.writeLine("hello");
        assertEquals("hello", Await.value(accepted.readLine()));
    }

    @Test
    void accept_stalledHandshake_asksForFurtherConnections() throws Exception {
        DefaultServerSocket server = listen(10);
        CompletableFuture<AsyncSocket> accept = server.accept();
        network.bring();
        assertEquals(2, network.requests);
        Await.value(handshake(server));
        Await.value(accept);
        int before = network.requests;
        Await.value(handshake(server));
        assertEquals(before, network.requests, "nobody waits");
    }

    @Test
    void handshakes_atMaxConnections_areNoMore() throws Exception {
        DefaultServerSocket server = listen(2);
        server.serve(AsyncSocket::closed);
        for (int i = 0; i < 4; i++) {
            network.bring();
        }
        assertEquals(2, server.engine().connections(null).size());
        assertEquals(2, network.requests);
        network.advance(10_000);
        assertEquals(2, network.errors.size(), "the first two have timed out");
        assertEquals(2, server.engine().connections(null).size());
    }

    @Test
    void handshake_afterClose_isRejected() throws Exception {
        DefaultServerSocket server = listen(10);
        CompletableFuture<Void> over = server.stopping();
        CompletableFuture<Void> served = server.serve(AsyncSocket::closed);
        AsyncSocket stalled = network.bring();
        server.close();
        Await.value(served);
        assertFalse(over.isDone(), "a handshake goes on");
        stalled.abort();
        assertTrue(over.isDone());
        assertEquals(1, server.engine().stats().rejected());
    }

    @Test
    void handshake_nextConsumerThrows_isRejected() throws Exception {
        DefaultServerSocket server = network.listen();
        network.bring();
        // The place of this connection is the place of the connection below, whose end the server counts.
        server.queue().ready.remove().transport().drop();
        ConnectionConsumer full = new ConnectionConsumer() {
            @Override
            public boolean wants(boolean failing) {
                return true;
            }

            @Override
            public void accept(Arrival arrival) {
                throw want;
            }

            @Override
            public void closed() {}
        };
        TlsOptions options = TlsOptions.server(TestCertificates.server());
        ConnectionSource source = new ConnectionSource(
                server, ScriptedNetwork.ANY, new ListenSettings(), new HandshakeStage(server, options, full));
        network.bring(network.callers().connect(source.address(), with -> with.tls(CLIENT)));
        assertEquals(List.of(), server.engine().connections(null), "a connection without a user");
        assertEquals(1, server.engine().stats().rejected());
    }

    @Test
    void accept_failureAfterRegistration_freesThePlace() throws Exception {
        DefaultServerSocket server = listen(1);
        CompletableFuture<AsyncSocket> accept = server.accept();
        network.registerFailure = want;
        network.bring();
        assertEquals(List.of(), server.engine().connections(null), "a connection is left");
        assertEquals(1, server.engine().stats().rejected());
        AsyncSocket caller = Await.value(handshake(server));
        assertEquals(caller.localAddress(), Await.value(accept).remoteAddress());
    }

    /** A failure at each step of the first transport. The next connection takes the place. */
    @Test
    void accept_transportFailsAtAnyStep_freesThePlace() throws Exception {
        DefaultServerSocket server = listen(1);
        CompletableFuture<Void> over = server.stopping();
        AtomicInteger left;
        int call = 1;
        do {
            CompletableFuture<AsyncSocket> accept = server.accept();
            left = network.atCall(call, () -> {
                throw want;
            });
            CompletableFuture<AsyncSocket> first = handshake(server);
            network.disguise = transport -> transport;
            network.advance(10_000);
            if (!accept.isDone()) {
                Await.value(handshake(server)).abort();
            }
            Await.value(accept).abort();
            assertEquals(List.of(), server.engine().connections(null), "left after call " + call);
            first.thenAccept(AsyncSocket::abort);
            call++;
        } while (left.get() < 0);
        assertTrue(call > 10, call + " calls");
        server.close();
        assertTrue(over.isDone(), "the listener is over");
    }
}
