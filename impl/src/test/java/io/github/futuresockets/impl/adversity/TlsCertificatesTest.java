package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.TlsOptions.ClientAuth;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests handshakes with faulty certificates. Both ends report the reason and the address of the peer. */
class TlsCertificatesTest extends AdversityBase {
    private static final TestCertificates ROOT = TestCertificates.root();
    private static final Instant NOW = Instant.now();
    private static final Duration DAY = Duration.ofDays(1);

    /**
     * The options of both ends, and the expected reasons. Alternative reasons are separated by a bar.
     *
     * @param clientSays the expected reason at the client, or null if the handshake succeeds at the client
     */
    record Fault(String name, TlsOptions server, TlsOptions client, String clientSays, String serverSays) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final LinkedBlockingQueue<Throwable> told = new LinkedBlockingQueue<>();

    private static TlsOptions showing(TestCertificates certificate) {
        return TlsOptions.server(certificate.context(ROOT));
    }

    private static TlsOptions trusting(TestCertificates... authorities) {
        return TlsOptions.client().context(TestCertificates.trusting(authorities));
    }

    private static SSLContext client(TestCertificates own) {
        return own.context(ROOT);
    }

    static Stream<Fault> faults() {
        TestCertificates stranger = TestCertificates.authority("a stranger");
        TestCertificates expired = ROOT.issue("localhost", NOW.minus(DAY.multipliedBy(2)), NOW.minus(DAY), "localhost");
        TestCertificates early = ROOT.issue("localhost", NOW.plus(DAY), NOW.plus(DAY.multipliedBy(2)), "localhost");
        TlsOptions good = showing(TestCertificates.localhost());
        TlsOptions asking = good.clientAuth(ClientAuth.NEEDED);
        return Stream.of(
                        new Fault("expired", showing(expired), trusting(ROOT), "notafter", "certificate"),
                        new Fault("not yet valid", showing(early), trusting(ROOT), "notbefore", "certificate"),
                        new Fault(
                                "of another host",
                                showing(ROOT.issue("elsewhere.test", "elsewhere.test")),
                                trusting(ROOT),
                                "no name matching localhost found|dns name matching localhost",
                                "certificate"),
                        new Fault(
                                "self-signed",
                                showing(TestCertificates.selfSigned("localhost", "localhost")),
                                trusting(ROOT),
                                "unable to find valid certification path",
                                "certificate"),
                        new Fault(
                                "of an unknown authority",
                                showing(stranger.issue("localhost", "localhost")),
                                trusting(ROOT),
                                "path validation failed|unable to find valid certification path|signature",
                                "certificate"),
                        new Fault(
                                "nobody is trusted",
                                good,
                                trusting(),
                                "trustanchors",
                                "internal_error|certificate|ended"),
                        new Fault("the client has none", asking, trusting(ROOT), null, "empty|certificate"),
                        new Fault(
                                "the client's is of an unknown authority",
                                asking,
                                TlsOptions.client().context(client(stranger.issue("client"))),
                                null,
                                "path|signature|certificate|empty"),
                        new Fault(
                                "the client's has expired",
                                asking,
                                TlsOptions.client()
                                        .context(client(
                                                ROOT.issue("client", NOW.minus(DAY.multipliedBy(2)), NOW.minus(DAY)))),
                                null,
                                "notafter"),
                        new Fault(
                                "no version in common",
                                good.protocols("TLSv1.3"),
                                trusting(ROOT).protocols("TLSv1.2"),
                                "protocol_version|handshake_failure",
                                "version|protocol"),
                        new Fault(
                                "no application protocol in common",
                                good.applicationProtocols("h2"),
                                trusting(ROOT).applicationProtocols("http/1.1"),
                                "no_application_protocol",
                                "application layer protocol|application protocol"))
                .flatMap(fault -> fault.name.startsWith("no version")
                        ? Stream.of(fault)
                        : Stream.of("TLSv1.2", "TLSv1.3")
                                .map(protocol -> new Fault(
                                        fault.name + " " + protocol,
                                        fault.server.protocols(protocol),
                                        fault.client.protocols(protocol),
                                        fault.clientSays,
                                        fault.serverSays)));
    }

    private static void saysWhy(Throwable failure, int port, String reasons) {
        String message = failure.getMessage();
        assertEquals(SSLHandshakeException.class, failure.getClass(), failure.toString());
        assertTrue(message.contains("127.0.0.1"), () -> "no peer: " + message);
        assertTrue(port < 0 || message.contains(":" + port), () -> "no peer: " + message);
        assertTrue(
                Stream.of(reasons.split("\\|"))
                        .anyMatch(each -> message.toLowerCase(Locale.ROOT).contains(each)),
                () -> "not '" + reasons + "': " + message);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void handshake_faultyCredentials_areReportedToBothEnds(Fault fault) throws Exception {
        open(builder -> builder.onError((socket, failure) -> told.add(failure)));
        AsyncServerSocket server =
                sockets.listen(new InetSocketAddress("127.0.0.1", 0), chosen -> chosen.tls(fault.server));
        CompletableFuture<AsyncSocket> accepted = server.accept();
        CompletableFuture<AsyncSocket> connected = sockets.connectTls("localhost", server.port(), fault.client);
        if (fault.clientSays != null) {
            saysWhy(Await.failure(connected), server.port(), fault.clientSays);
        } else {
            refusedByServer(connected);
        }
        saysWhy(told.poll(Await.LIMIT.toMillis(), TimeUnit.MILLISECONDS), -1, fault.serverSays);
        Await.until("all connections to end", () -> sockets.stats().open() == 0);
        assertFalse(accepted.isDone(), "nobody was accepted");
        TlsOptions good = TlsOptions.client().context(client(ROOT.issue("client")));
        if (!fault.name.startsWith("no ") && fault.serverSays.contains("empty")) {
            Await.value(sockets.connectTls("localhost", server.port(), good)).close();
            Await.value(accepted).close();
        }
        assertEquals(List.of(), List.copyOf(told));
    }

    /**
     * Asserts that the first read reports the refusal. Over TLS 1.3 the client completes its handshake before the
     * server has checked the client's certificate (RFC 8446, 4.4.2.4).
     */
    private static void refusedByServer(CompletableFuture<AsyncSocket> connected) {
        Throwable failure = Await.failure(connected.thenCompose(AsyncSocket::readLine));
        assertTrue(failure instanceof IOException, failure.toString());
        assertTrue(failure.getMessage().contains("127.0.0.1"), failure.toString());
        assertFalse(failure.getMessage().contains("close_notify"), failure.toString());
    }
}
