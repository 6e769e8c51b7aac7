package io.github.futuresockets.impl.adversity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.TlsOptions.ClientAuth;
import io.github.futuresockets.impl.support.LogRecorder;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests messages, descriptions and logs for secrets. None contains a key or the transferred content. */
class TlsSecretsTest {
    private static final String SECRET = "Tr0ub4dor&3-";
    private static final TestCertificates OWN = TestCertificates.root().issue("client");

    private final StringWriter seen = new StringWriter();

    private void see(Object what) {
        seen.append(String.valueOf(what)).append('\n');
        if (what instanceof Throwable) {
            ((Throwable) what).printStackTrace(new PrintWriter(seen, true));
        }
        if (what instanceof CompletableFuture) {
            ((CompletableFuture<?>) what).whenComplete((value, failure) -> {
                if (failure != null) {
                    see(failure);
                }
            });
        }
    }

    private void converse(String protocol, TlsOptions server, TlsOptions client, FaultPlan plan) throws IOException {
        MemoryNetwork network = MemoryNetwork.create(settings -> settings.readTimeout(Duration.ofSeconds(5)));
        network.faults(plan, FaultPlan.NONE);
        AsyncServerSocket listener =
                network.listen(new InetSocketAddress("127.0.0.1", 0), chosen -> chosen.tls(server.protocols(protocol)));
        listener.serve(socket -> {
            see(socket);
            socket.tlsSession().ifPresent(this::see);
            return socket.readLine().thenCompose(line -> socket.write(SECRET.repeat(100)));
        });
        CompletableFuture<AsyncSocket> connected =
                network.connectTls("localhost", listener.port(), client.protocols(protocol));
        see(connected);
        see(server);
        see(client);
        connected.thenAccept(socket -> {
            see(socket);
            see(socket.stats());
            see(socket.tlsSession().orElseThrow());
            see(socket.write(SECRET + "\n"));
            CompletableFuture<?> long1 = socket.readUntil(new byte[] {'\n'}, 300);
            see(long1);
            network.advance(Duration.ofSeconds(6));
            see(long1);
            see(socket.readExactly(100_000));
            see(socket.expectLine());
            see(socket.closed());
            see(socket);
            socket.close();
            see(socket.write(SECRET));
        });
        network.advance(Duration.ofMinutes(1));
        see(network);
        see(listener);
        network.close();
        see(connected);
    }

    @Test
    void messagesAndLogs_anyConversation_containNoSecret() throws IOException {
        TlsOptions server = TlsOptions.server(TestCertificates.server());
        TlsOptions client = TlsOptions.client().context(OWN.context(TestCertificates.root()));
        try (LogRecorder log = new LogRecorder()) {
            System.getLogger("io.github.futuresockets").log(System.Logger.Level.DEBUG, "is heard");
            for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
                for (long cut : new long[] {-1, 100, 700, 1_500, 2_000}) {
                    for (FaultPlan plan : List.of(FaultPlan.NONE.endAfter(cut), FaultPlan.NONE.stallAfter(cut))) {
                        converse(protocol, server.clientAuth(ClientAuth.NEEDED), client, plan);
                    }
                }
                converse(protocol, server.clientAuth(ClientAuth.NEEDED), TlsOptions.client(), FaultPlan.NONE);
                converse(protocol, server, client.serverName("elsewhere.test"), FaultPlan.NONE);
            }
            seen.append(log.text());
            assertTrue(log.text().contains("is heard"));
        }
        String all = seen.toString();
        assertTrue(all.contains("close_notify") && all.contains("elsewhere.test"), "it has seen too little");
        for (TestCertificates each : List.of(TestCertificates.localhost(), OWN)) {
            BigInteger key = ((ECPrivateKey) each.key()).getS();
            without(all, key.toString());
            without(all, key.toString(16));
            without(all, Base64.getEncoder().encodeToString(each.key().getEncoded()));
        }
        without(all, SECRET);
        without(all, Base64.getEncoder().encodeToString(SECRET.getBytes(US_ASCII)));
        without(all, new BigInteger(1, SECRET.getBytes(US_ASCII)).toString(16));
    }

    private static void without(String all, String secret) {
        int at = all.toLowerCase(Locale.ROOT).indexOf(secret.toLowerCase(Locale.ROOT));
        assertFalse(at >= 0, () -> all.substring(Math.max(0, at - 300), Math.min(all.length(), at + 100)));
    }
}
