package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.TlsSession;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** Handshakes of {@code connectTls}, {@code ConnectOptions.tls} and {@code ListenOptions.tls}. */
class HandshakeTest extends TlsTest {

    @OverEach
    void connectTls_byHostName_verifiesCertificate(String provider) throws IOException {
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
    void connect_certificateOfOtherName_failsButListenerGoesOn(String provider) throws IOException {
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
    void connectTls_unknownAuthority_fails(String provider) throws IOException {
        open(provider);
        AsyncServerSocket server = listen(SERVER);
        server.accept();
        Await.failure(SSLHandshakeException.class, sockets.connectTls("localhost", server.port(), TlsOptions.client()));
    }

    @OverEach
    void accept_clientCertificateMissing_isRefused(String provider) throws IOException {
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
    void accept_silentClient_timesOutAndHoldsUpNoOther(String provider) throws IOException {
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
    void connect_silentServer_timesOut(String provider) throws IOException {
        open(provider);
        AsyncServerSocket server = listen();
        server.accept();
        CompletableFuture<AsyncSocket> connected = connect(server, CLIENT.handshakeTimeout(Duration.ofMillis(50)));
        SocketTimeoutException late = Await.failure(SocketTimeoutException.class, connected);
        assertTrue(late.getMessage().contains(String.valueOf(server.port())), late.getMessage());
    }

    @OverEach
    void connect_cancelledInHandshake_leavesNothing(String provider) throws IOException {
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
    void accept_plaintextClient_isRefused(String provider) throws IOException {
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
    void listen_unsupportedProtocol_throws(String provider) {
        open(provider);
        assertThrows(IllegalArgumentException.class, () -> listen(SERVER.protocols("TLSv7")));
    }

    @OverEach
    void handshake_secondConnection_resumesSession(String provider) throws IOException {
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
    void read_endWithoutCloseNotify_isTruncation(String provider) throws IOException {
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

    /** Returns a context. Each creation of an engine adds the current thread to {@code makers}. */
    private static SSLContext telling(SSLContext real, Queue<Thread> makers) {
        SSLContextSpi spi = new SSLContextSpi() {
            @Override
            protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {}

            @Override
            protected SSLSocketFactory engineGetSocketFactory() {
                return real.getSocketFactory();
            }

            @Override
            protected SSLServerSocketFactory engineGetServerSocketFactory() {
                return real.getServerSocketFactory();
            }

            @Override
            protected SSLEngine engineCreateSSLEngine() {
                makers.add(Thread.currentThread());
                return real.createSSLEngine();
            }

            @Override
            protected SSLEngine engineCreateSSLEngine(String host, int port) {
                makers.add(Thread.currentThread());
                return real.createSSLEngine(host, port);
            }

            @Override
            protected SSLSessionContext engineGetServerSessionContext() {
                return real.getServerSessionContext();
            }

            @Override
            protected SSLSessionContext engineGetClientSessionContext() {
                return real.getClientSessionContext();
            }
        };
        return new SSLContext(spi, real.getProvider(), real.getProtocol()) {};
    }

    @OverEach
    void engines_ofConnects_areMadeOnNoIoThread(String provider) throws IOException {
        Queue<Thread> ioThreads = new ConcurrentLinkedQueue<>();
        Queue<Thread> makers = new ConcurrentLinkedQueue<>();
        open(
                provider,
                builder -> builder.threadFactory(task -> {
                    Thread thread = new Thread(task);
                    ioThreads.add(thread);
                    return thread;
                }));
        TlsOptions client = CLIENT.context(telling(TestCertificates.client(), makers));
        AsyncServerSocket server = listen(SERVER);
        server.serve(AsyncSocket::readLine);
        AsyncServerSocket plain = listen();
        plain.serve(far -> far.startTls(SERVER).thenCompose(AsyncSocket::readLine));
        Await.value(sockets.connectTls("localhost", server.port(), client)).close();
        Await.value(sockets.connect("localhost", plain.port()).thenCompose(near -> near.startTls(client)))
                .close();
        assertEquals(2, makers.size());
        makers.forEach(each -> assertFalse(ioThreads.contains(each), each.getName()));
    }

    @OverEach
    void options_impossible_leavePlainSocketUnchanged(String provider) throws IOException {
        open(provider);
        TlsOptions impossible = CLIENT.protocols("TLSv7");
        AsyncServerSocket server = listen(SERVER);
        server.accept();
        Await.failure(IllegalArgumentException.class, sockets.connectTls("localhost", server.port(), impossible));
        AsyncSocket[] ends = pair();
        Await.failure(IllegalArgumentException.class, ends[0].startTls(impossible));
        ends[0].writeLine("as it was");
        assertEquals("as it was", Await.value(ends[1].readLine()));
        ends[1].writeLine("this way, too");
        assertEquals("this way, too", Await.value(ends[0].readLine()));
        Await.until("the connects have ended", () -> sockets.stats().open() == 2);
        ends[0].abort();
    }

    @OverEach
    void handshake_whileChecksOfCertificatesHang_isDone(String provider) throws IOException {
        assumeTrue(!provider.equals("memory"), "whoever gives bytes runs the checks");
        open(provider);
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger hanging = new AtomicInteger();
        TlsOptions slow = TlsOptions.client().context(SlowTrust.context(() -> {
            hanging.incrementAndGet();
            try {
                never.await();
            } catch (InterruptedException end) {
                return;
            }
        }));
        AsyncServerSocket server = listen(SERVER);
        server.serve(AsyncSocket::readLine);
        List<CompletableFuture<AsyncSocket>> connects = new ArrayList<>();
        int count = 3 * Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < count; i++) {
            connects.add(connect(server, slow));
        }
        Await.until("checks hang", () -> hanging.get() >= Runtime.getRuntime().availableProcessors());
        Await.value(connect(server, CLIENT)).close();
        connects.forEach(each -> assertTrue(each.cancel(false)));
        never.countDown();
    }
}
