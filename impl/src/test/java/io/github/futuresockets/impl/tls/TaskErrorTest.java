package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A certificate check that throws an Error. The JDK's engine does not notice the Error, and waits for the check for
 * ever. The library must fail the handshake with the Error.
 */
class TaskErrorTest extends TlsTest {
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    /** Options without a time-out, so that only the failure of the check can end the handshake. */
    private static final TlsOptions PATIENT = CLIENT.handshakeTimeout(Duration.ZERO);

    private static final class Failing extends X509ExtendedTrustManager {
        private static void fail() {
            throw new NoClassDefFoundError("org/example/Revocation");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            fail();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            fail();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            fail();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            fail();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            fail();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            fail();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Returns a context with the certificate of the local host and with the failing check. */
    private static SSLContext failing() throws GeneralSecurityException, IOException {
        char[] password = "secret".toCharArray();
        TestCertificates own = TestCertificates.localhost();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", own.key(), password, new Certificate[] {own.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new Failing()}, null);
        return context;
    }

    private void assertNamed(Throwable failure) {
        assertTrue(failure instanceof SSLHandshakeException, failure.toString());
        assertTrue(failure.getMessage().contains("127.0.0.1"), failure.getMessage());
        assertTrue(
                failure.getMessage().contains("java.lang.NoClassDefFoundError: org/example/Revocation"),
                failure.getMessage());
    }

    @OverEach
    void connect_checkEndsWithError_failsWithThatError(String provider) throws IOException, GeneralSecurityException {
        open(provider, builder -> builder.threads(1).connectTimeout(Duration.ZERO));
        AsyncServerSocket server = listen(SERVER);
        for (String version : VERSIONS) {
            CompletableFuture<AsyncSocket> accepted = server.accept();
            CompletableFuture<AsyncSocket> refused = connect(
                    server, PATIENT.context(failing()).protocols(version).serverName("localhost"));
            assertNamed(Await.failure(refused));
            AsyncSocket near = Await.value(connect(server, CLIENT));
            near.writeLine("on the same thread");
            assertEquals("on the same thread", Await.value(Await.value(accepted).readLine()));
        }
    }

    @OverEach
    void accept_aCheckEndsWithAnError_refusesThatClientAlone(String provider)
            throws IOException, GeneralSecurityException {
        Queue<Throwable> told = new ConcurrentLinkedQueue<>();
        open(provider, builder -> builder.threads(1).onError((socket, failure) -> told.add(failure)));
        TestCertificates client = TestCertificates.root().issue("client", "client.test");
        AsyncServerSocket server = listen(SERVER);
        for (String version : VERSIONS) {
            try (AsyncServerSocket strict = listen(TlsOptions.server(failing())
                    .clientAuth(TlsOptions.ClientAuth.NEEDED)
                    .handshakeTimeout(Duration.ZERO))) {
                strict.accept();
                CompletableFuture<AsyncSocket> refused = connect(
                        strict,
                        PATIENT.context(client.context(TestCertificates.root())).protocols(version));
                Await.until("the server is told", () -> !told.isEmpty());
                assertNamed(told.remove());
                refused.thenAccept(AsyncSocket::abort);
                CompletableFuture<AsyncSocket> accepted = server.accept();
                Await.value(connect(server, CLIENT));
                Await.value(accepted);
            }
        }
    }
}
