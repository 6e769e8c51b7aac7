package io.github.futuresockets.impl.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.TlsSession;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
import io.github.futuresockets.impl.support.TestCertificates;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of the library with {@code openssl s_server}. The server serves one connection at a time. */
class OpenSslServerTest extends InteropTest {
    private static final String SERVER = "openssl s_server -accept 127.0.0.1:0 -cert localhost.pem -key localhost.key ";

    /** A server that replies with a page about the connection, and ends the connection. */
    private static final String STATUS = SERVER + "-www ";

    @BeforeEach
    void need() throws Exception {
        Installed.assume("openssl");
    }

    /** Waits until the server listens, and returns the port. The server prints the port of its choice. */
    private static int portOf(Installed server) {
        awaitSaid(server, 1, "ACCEPT 127.0.0.1:[0-9]+\n");
        return Integer.parseInt(server.said().replaceAll("(?s).*ACCEPT 127.0.0.1:([0-9]+)\n.*", "$1"));
    }

    private String status(AsyncSocket socket) {
        socket.write("GET / HTTP/1.0\r\n\r\n");
        String page = UTF_8.decode(Await.value(socket.readAll(1 << 20))).toString();
        socket.close();
        return page;
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, tls1_2, loop", "TLSv1.3, tls1_3, loop", "TLSv1.2, tls1_2, nio2", "TLSv1.3, tls1_3, nio2"})
    void connectTls_versionFixedByServer_isNegotiated(String version, String option, String provider) throws Exception {
        open(provider);
        AsyncSocket socket = connect(portOf(start(STATUS + "-" + option)), client());
        TlsSession session = socket.tlsSession().orElseThrow();
        assertEquals(version, session.protocol());
        assertEquals("", session.applicationProtocol());
        assertEquals(
                TestCertificates.localhost().certificate(),
                session.peerCertificates().get(0));
        String page = status(socket);
        assertTrue(page.contains("New, " + version), page);
        assertTrue(page.contains("no client certificate"), page);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void connectTls_versionFixedByClient_isNegotiated(String version) throws Exception {
        AsyncSocket socket = connect(portOf(start(STATUS)), client().protocols(version));
        assertTrue(status(socket).contains("New, " + version));
    }

    @Test
    void alpn_severalOffered_selectsFirstOfServerList() throws Exception {
        int port = portOf(start(STATUS + "-alpn first,second"));
        AsyncSocket socket = connect(port, client().applicationProtocols("none", "second", "first"));
        assertEquals("first", socket.tlsSession().orElseThrow().applicationProtocol());
        status(socket);
    }

    @Test
    void serverName_otherHost_selectsCertificate() throws Exception {
        TestCertificates other = ROOT.issue("other", "other.example");
        other.writePem(folder.resolve("other.pem"), folder.resolve("other.key"));
        int port = portOf(start(STATUS + "-servername other.example -cert2 other.pem -key2 other.key"));
        AsyncSocket asked = connect(port, client().serverName("other.example"));
        assertEquals(
                other.certificate(),
                asked.tlsSession().orElseThrow().peerCertificates().get(0));
        status(asked);
        AsyncSocket usual = connect(port, client());
        assertEquals(
                TestCertificates.localhost().certificate(),
                usual.tlsSession().orElseThrow().peerCertificates().get(0));
        status(usual);
    }

    @Test
    void handshake_untrustedOrWrongHostCertificate_fails() throws Exception {
        int port = portOf(start(STATUS));
        refused(port, TlsOptions.client().context(TestCertificates.trusting(STRANGER)));
        refused(port, client().serverName("other.example"));
        status(connect(port, client()));
        status(connect(port, client().serverName("other.example").verifyHostName(false)));
    }

    private void refused(int port, TlsOptions tls) {
        SSLHandshakeException refused =
                Await.failure(SSLHandshakeException.class, sockets.connectTls("localhost", port, tls));
        assertTrue(refused.getMessage().contains("127.0.0.1:" + port), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls1_2", "tls1_3"})
    void clientAuth_required_failsWithoutCertificate(String option) throws Exception {
        int port = portOf(start(STATUS + "-Verify 1 -verify_return_error -CAfile root.pem -" + option));
        String page = status(connect(port, known()));
        assertFalse(page.contains("no client certificate"), page);
        assertTrue(page.contains("CN = a client") || page.contains("CN=a client"), page);

        // In TLS 1.3, the handshake of the client completes before the server misses the certificate. So the refusal
        // may arrive at the first read.
        CompletableFuture<Object> turnedAway = sockets.connectTls("localhost", port, client())
                .thenCompose(socket -> socket.readSome(1)
                        .whenComplete((bytes, end) -> socket.abort())
                        .thenApply(bytes -> bytes));
        SSLException told = Await.failure(SSLException.class, turnedAway);
        assertTrue(told.getMessage().contains("127.0.0.1:" + port), told.getMessage());
        status(connect(port, known()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void session_secondConnection_isResumed(String version) throws Exception {
        int port = portOf(start(STATUS));
        TlsOptions tls = client().protocols(version);
        AsyncSocket first = connect(port, tls);
        assertFalse(first.tlsSession().orElseThrow().resumed());
        assertTrue(status(first).contains("New, " + version));
        AsyncSocket second = connect(port, tls);
        assertTrue(second.tlsSession().orElseThrow().resumed());
        assertTrue(status(second).contains("Reused, " + version));
        assertEquals(
                TestCertificates.localhost().certificate(),
                second.tlsSession().orElseThrow().peerCertificates().get(0));
    }

    @Test
    void keyUpdate_fromIdleServer_isAppliedAndAnswered() throws Exception {
        Installed server = start(SERVER + "-msg -tls1_3");
        int port = portOf(server);
        AsyncSocket socket = connect(port, client());
        for (int i = 1; i <= 20; i++) {
            CompletableFuture<String> line = socket.readLine();
            server.say("K\n");
            awaitSaid(server, i, OUR_KEY_UPDATE);
            server.say("answer " + i + "\n");
            assertEquals("answer " + i, Await.value(line));
            Await.value(socket.writeLine("question " + i));
            server.awaitSaid("question " + i + "\n");
        }
        server.say("k\n");
        awaitSaid(server, 21, ">>>[^\n]*KeyUpdate");
        server.say("last\n");
        assertEquals("last", Await.value(socket.readLine()));
        socket.close();
        server.awaitSaid("DONE");
    }

    /**
     * With {@code -rev}, the server reverses each line, and ends its stream after the end of the client's stream. Most
     * answers are pending at the half-close.
     */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shutdownOutput_answersPending_allArrive(String version) throws Exception {
        AsyncSocket socket = connect(portOf(start(SERVER + "-rev")), client().protocols(version));
        for (int i = 0; i < 1000; i++) {
            socket.writeLine("line " + i);
        }
        Await.value(socket.shutdownOutput());
        String expected = IntStream.range(0, 1000)
                .mapToObj(i -> new StringBuilder("line " + i).reverse() + "\n")
                .collect(Collectors.joining());
        assertEquals(
                expected, UTF_8.decode(Await.value(socket.readAll(1 << 20))).toString());
        socket.close();
    }

    @Test
    void read_serverKilled_failsWithoutCloseNotify() throws Exception {
        Installed server = start(SERVER);
        int port = portOf(server);
        AsyncSocket socket = connect(port, client());
        server.say("one\n");
        assertEquals("one", Await.value(socket.readLine()));
        CompletableFuture<String> next = socket.readLine();
        server.close();
        SSLException cut = Await.failure(SSLException.class, next);
        assertTrue(cut.getMessage().contains("close_notify"), cut.getMessage());
    }

    @Test
    void connectTls_serverWithoutTls_failsWithAddressInMessage() throws Exception {
        Installed.assume("socat");
        int port = serve("socat TCP-LISTEN:PORT,bind=127.0.0.1,fork,reuseaddr SYSTEM:'echo 220 ready; cat'");
        refused(port, client());
    }
}
