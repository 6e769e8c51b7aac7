package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/** {@code contextByServerName}: one port, several names. */
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
    void aServerAnswersWithTheCertificateOfTheNameThatItIsAskedFor(String provider) throws IOException {
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
    void aChooserThatThrowsEndsThatHandshakeAlone(String provider) throws IOException {
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
}
