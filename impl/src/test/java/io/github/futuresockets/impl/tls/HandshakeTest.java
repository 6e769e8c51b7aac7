package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.TlsSession;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLHandshakeException;

/** {@code connectTls} and {@code ListenOptions.tls}. */
class HandshakeTest extends TlsTest {

    @OverEach
    void aHostIsFoundByItsNameAndVerified(String provider) throws IOException {
        open(provider);
        AsyncServerSocket server = listen(SERVER.applicationProtocols("h2", "http/1.1"));
        CompletableFuture<AsyncSocket> accepted = server.accept();
        AsyncSocket near =
                Await.value(sockets.connectTls("localhost", server.port(), CLIENT.applicationProtocols("http/1.1")));
        near.writeLine("hello");
        AsyncSocket far = Await.value(accepted);
        assertEquals("hello", Await.value(far.readLine()));
        TlsSession session = near.tlsSession().orElseThrow();
        assertEquals("TLSv1.3", session.protocol());
        assertEquals("http/1.1", session.applicationProtocol());
        assertEquals(
                TestCertificates.localhost().certificate(),
                session.peerCertificates().get(0));
        assertEquals(List.of(), far.tlsSession().orElseThrow().peerCertificates());
        near.close();
        assertEquals(null, Await.value(far.readLine()));
    }

    @OverEach
    void aNameThatTheCertificateDoesNotHaveFailsTheConnectAndNotTheListener(String provider) throws IOException {
        Queue<Throwable> told = new ConcurrentLinkedQueue<>();
        open(provider, builder -> builder.onError((socket, failure) -> told.add(failure)));
        AsyncServerSocket server = listen(SERVER);
        CompletableFuture<AsyncSocket> accepted = server.accept();
        SSLHandshakeException failure =
                Await.failure(SSLHandshakeException.class, connect(server, CLIENT.serverName("elsewhere.test")));
        assertTrue(failure.getMessage().contains(String.valueOf(server.port())), failure.getMessage());
        assertTrue(failure.getMessage().contains("elsewhere.test"), failure.getMessage());
        Await.until("the server is told", () -> !told.isEmpty());
        assertInstanceOf(SSLHandshakeException.class, told.peek());
        assertFalse(accepted.isDone());
        assertEquals(1, sockets.stats().rejected());
        Await.value(connect(server, CLIENT));
        Await.value(accepted);
    }

    @OverEach
    void anAuthorityThatNobodyKnowsFailsTheConnect(String provider) throws IOException {
        open(provider);
        AsyncServerSocket server = listen(SERVER);
        server.accept();
        Await.failure(SSLHandshakeException.class, sockets.connectTls("localhost", server.port(), TlsOptions.client()));
    }

    @OverEach
    void aClientWithoutACertificateThatIsNeededIsRefused(String provider) throws IOException {
        open(provider);
        AsyncServerSocket server = listen(SERVER.clientAuth(TlsOptions.ClientAuth.NEEDED));
        CompletableFuture<AsyncSocket> accepted = server.accept();
        CompletableFuture<AsyncSocket> refused = connect(server, CLIENT.protocols("TLSv1.2"));
        Await.failure(SSLHandshakeException.class, refused);
        AsyncSocket near = Await.value(connect(
                server, CLIENT.context(TestCertificates.root().issue("client").context(TestCertificates.root()))));
        AsyncSocket far = Await.value(accepted);
        assertEquals(2, far.tlsSession().orElseThrow().peerCertificates().size());
        near.close();
    }

    @OverEach
    void aPeerThatSaysNothingEndsTheHandshakeInTimeAndHoldsUpNobody(String provider) throws IOException {
        open(provider);
        AsyncServerSocket server = listen(SERVER.handshakeTimeout(Duration.ofSeconds(2)));
        CompletableFuture<AsyncSocket> accepted = server.accept();
        AsyncSocket silent = Await.value(sockets.connect(server.localAddress()));
        AsyncSocket near = Await.value(connect(server, CLIENT));
        AsyncSocket far = Await.value(accepted);
        near.writeLine("at once");
        assertEquals("at once", Await.value(far.readLine()));
        Await.value(silent.closed().applyToEither(silent.readLine().handle((line, end) -> null), any -> true));
    }

    @OverEach
    void aConnectToAPeerThatSaysNothingFailsInTime(String provider) throws IOException {
        open(provider);
        AsyncServerSocket server = listen();
        server.accept();
        CompletableFuture<AsyncSocket> connected = connect(server, CLIENT.handshakeTimeout(Duration.ofMillis(50)));
        SocketTimeoutException late = Await.failure(SocketTimeoutException.class, connected);
        assertTrue(late.getMessage().contains(String.valueOf(server.port())), late.getMessage());
    }

    @OverEach
    void aConnectThatIsCancelledInItsHandshakeLeavesNothing(String provider) throws IOException {
        open(provider);
        AsyncServerSocket server = listen();
        CompletableFuture<AsyncSocket> accepted = server.accept();
        CompletableFuture<AsyncSocket> connected = connect(server, CLIENT);
        AsyncSocket far = Await.value(accepted);
        Await.value(far.readable());
        assertTrue(connected.cancel(false));
        Await.until("nothing is open at the near end", () -> sockets.stats().open() <= 1);
        far.abort();
    }

    @OverEach
    void aPeerThatSpeaksInThePlainIsRefused(String provider) throws IOException {
        open(provider);
        AsyncServerSocket server = listen(SERVER);
        server.accept();
        AsyncSocket plain = Await.value(sockets.connect(server.localAddress()));
        plain.write("GET / HTTP/1.1\r\n\r\n");
        Await.value(plain.readAll(1000).handle((alert, failure) -> true));
        Await.until("it is counted", () -> sockets.stats().rejected() == 1);
        plain.close();
    }

    @OverEach
    void whatTheContextDoesNotKnowIsToldByListen(String provider) {
        open(provider);
        assertThrows(IllegalArgumentException.class, () -> listen(SERVER.protocols("TLSv7")));
    }

    @OverEach
    void aSecondConversationGoesOnWithTheKeysOfTheFirst(String provider) throws IOException {
        open(provider);
        for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
            TlsOptions client = CLIENT.context(TestCertificates.trusting(TestCertificates.root()))
                    .protocols(protocol);
            AsyncServerSocket server = listen(SERVER);
            for (boolean resumed : new boolean[] {false, true}) {
                CompletableFuture<AsyncSocket> accepted = server.accept();
                AsyncSocket near = Await.value(sockets.connectTls("localhost", server.port(), client));
                AsyncSocket far = Await.value(accepted);
                far.writeLine("x");
                assertEquals("x", Await.value(near.readLine()));
                assertEquals(resumed, near.tlsSession().orElseThrow().resumed(), protocol);
                assertEquals(resumed, far.tlsSession().orElseThrow().resumed(), protocol);
                near.close();
                far.close();
            }
            server.close();
        }
    }

    @OverEach
    void anEndWithoutACloseNotifyIsATruncation(String provider) throws IOException {
        open(provider);
        try (Proxy proxy = new Proxy(sockets, listen(SERVER))) {
            AsyncSocket near = Await.value(sockets.connect(proxy.address(), chosen -> chosen.tls(CLIENT)));
            AsyncSocket far = proxy.accepted();
            far.write("half a li");
            assertEquals(9, Await.value(near.readExactly(9)).remaining());
            proxy.cut();
            IOException cut = Await.failure(IOException.class, near.readLine());
            assertTrue(cut.getMessage().contains("close_notify"), cut.toString());
        }
    }
}
