package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/** {@code contextByServerName} with several server names on one port. */
class ServerNameTest extends TlsTest {
    private static final TestCertificates ONE = TestCertificates.root().issue("one", "one.test");
    private static final TestCertificates TWO = TestCertificates.root().issue("two", "two.test");
    private static final Map<String, SSLContext> CONTEXTS =
            Map.of("one.test", ONE.context(TestCertificates.root()), "two.test", TWO.context(TestCertificates.root()));

    private AsyncServerSocket listenFor(Map<String, SSLContext> contexts) throws IOException {
        return listen(SERVER.contextByServerName(contexts::get));
    }

    private X509Certificate seen(AsyncServerSocket server, TlsOptions client) {
        CompletableFuture<AsyncSocket> accepted = server.accept();
        AsyncSocket near = Await.value(connect(server, client));
        AsyncSocket far = Await.value(accepted);
        near.writeLine("hello");
        assertEquals("hello", Await.value(far.readLine()));
        far.close();
        near.close();
        return (X509Certificate)
                near.tlsSession().orElseThrow().peerCertificates().get(0);
    }

    @OverEach
    void handshake_serverNameGiven_usesCertificateOfThatName(String provider) throws IOException {
        open(provider);
        AsyncServerSocket server = listenFor(CONTEXTS);
        for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
            TlsOptions client = CLIENT.protocols(version);
            assertEquals(ONE.certificate(), seen(server, client.serverName("one.test")));
            assertEquals(TWO.certificate(), seen(server, client.serverName("TWO.test")));
            assertEquals(TestCertificates.localhost().certificate(), seen(server, client.serverName("localhost")));
            assertEquals(TestCertificates.localhost().certificate(), seen(server, client.serverName("127.0.0.1")));
        }
    }

    @OverEach
    void contextByServerName_throws_endsOnlyThatHandshake(String provider) throws IOException {
        Queue<Throwable> told = new ConcurrentLinkedQueue<>();
        open(provider, builder -> builder.onError((socket, failure) -> told.add(failure)));
        AsyncServerSocket server = listen(SERVER.contextByServerName(name -> {
            throw new IllegalStateException("no context for " + name);
        }));
        CompletableFuture<AsyncSocket> accepted = server.accept();
        Await.failure(IOException.class, connect(server, CLIENT.serverName("one.test")));
        Await.until("the server is told", () -> !told.isEmpty());
        assertTrue(
                told.peek() instanceof SSLHandshakeException, () -> told.peek().toString());
        assertTrue(
                told.peek().getMessage().contains("no context for one.test"),
                told.peek().getMessage());
        Await.value(connect(server, CLIENT.serverName("127.0.0.1")));
        Await.value(accepted);
    }

    /**
     * Returns the hello in records of {@code size} bytes, followed by {@code behind} change_cipher_spec records. A
     * client may send such records in the same flight (RFC 8446, 5 and D.4).
     */
    private static byte[] changed(byte[] hello, int size, int behind) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 5; at < hello.length; at += size) {
            int length = Math.min(size, hello.length - at);
            out.writeBytes(new byte[] {22, 3, 1, (byte) (length >> 8), (byte) length});
            out.write(hello, at, length);
        }
        for (int i = 0; i < behind; i++) {
            out.writeBytes(new byte[] {20, 3, 3, 0, 1, 1});
        }
        return out.toByteArray();
    }

    @OverEach
    void serverName_recordsFollowTheHello_isFound(String provider) throws IOException {
        open(provider);
        AsyncServerSocket server = listenFor(CONTEXTS);
        for (int size : new int[] {1, 100, 16_000}) {
            for (int behind : new int[] {0, 1, 3}) {
                AtomicBoolean first = new AtomicBoolean(true);
                CompletableFuture<AsyncSocket> accepted = server.accept();
                try (Middle middle = new Middle(
                        sockets,
                        server,
                        (bytes, to) -> to.write(first.getAndSet(false) ? changed(bytes, size, behind) : bytes))) {
                    AsyncSocket near = Await.value(sockets.connect(
                            middle.address(),
                            chosen -> chosen.tls(CLIENT.protocols("TLSv1.3").serverName("two.test"))));
                    assertEquals(
                            TWO.certificate(),
                            near.tlsSession().orElseThrow().peerCertificates().get(0));
                    near.writeLine("hello");
                    AsyncSocket far = Await.value(accepted);
                    assertEquals("hello", Await.value(far.readLine()));
                    near.close();
                    far.close();
                }
            }
        }
    }
}
