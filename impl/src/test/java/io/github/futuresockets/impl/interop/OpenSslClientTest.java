package io.github.futuresockets.impl.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.TlsOptions.ClientAuth;
import io.github.futuresockets.TlsSession;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of the library with {@code openssl s_client}. The server returns each line in capitals. */
class OpenSslClientTest extends InteropTest {
    private final BlockingQueue<TlsSession> sessions = new LinkedBlockingQueue<>();
    private AsyncServerSocket server;

    @BeforeEach
    void need() throws Exception {
        Installed.assume("openssl");
    }

    private void serve(TlsOptions tls) throws IOException {
        server = listen(tls);
        server.serve(this::converse);
    }

    private CompletableFuture<Void> converse(AsyncSocket socket) {
        sessions.add(socket.tlsSession().orElseThrow());
        return AsyncLoop.whileTrue(() -> socket.readLine()
                .thenCompose(line -> line == null
                        ? CompletableFuture.completedFuture(false)
                        : socket.writeLine(line.toUpperCase(Locale.ROOT)).thenApply(done -> !line.equals("hang up"))));
    }

    /** Starts a client. An input line that begins with K, k, Q or R is a command to the program. */
    private Installed call(String options) throws IOException {
        return start("openssl s_client -connect 127.0.0.1:" + server.port()
                + " -CAfile root.pem -verify_return_error -verify_hostname localhost -servername localhost " + options);
    }

    private TlsSession session() {
        Await.until("a conversation", () -> !sessions.isEmpty());
        return sessions.remove();
    }

    private Throwable error() {
        Await.until("an error is told", () -> !errors.isEmpty());
        return errors.remove();
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, tls1_2, loop", "TLSv1.3, tls1_3, loop", "TLSv1.2, tls1_2, nio2", "TLSv1.3, tls1_3, nio2"})
    void serve_opensslClient_isAnsweredAndEitherSideCloses(String version, String option, String provider)
            throws Exception {
        open(provider);
        serve(server());
        Installed first = call("-" + option);
        first.say("hello\n").awaitSaid("HELLO\n");
        first.awaitSaid("Verify return code: 0 (ok)");
        first.awaitSaid("New, " + version);
        assertEquals(version, session().protocol());
        first.say("Q\n");
        assertEquals(0, first.awaitEnd());

        Installed second = call("-" + option);
        second.say("hello\nhang up\n").awaitSaid("HELLO\nHANG UP\n");
        assertEquals(0, second.awaitEnd(), second.said());
        assertFalse(second.said().contains("unexpected eof"), second.said());
        assertNoErrors();
    }

    @Test
    void read_clientKilled_failsWithoutCloseNotify() throws Exception {
        serve(server());
        Installed client = call("");
        client.say("hello\n").awaitSaid("HELLO\n");
        client.close();
        Throwable cut = error();
        assertTrue(cut instanceof SSLException && cut.getMessage().contains("close_notify"), cut.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls1_2", "tls1_3"})
    void alpn_severalOffered_selectsFirstOfServerList(String option) throws Exception {
        serve(server().applicationProtocols("none", "second", "first"));
        Installed client = call("-alpn first,second -" + option);
        client.awaitSaid("ALPN protocol: second");
        assertEquals("second", session().applicationProtocol());

        call("-alpn another -" + option).awaitSaid("alert no application protocol");
        assertTrue(error() instanceof SSLHandshakeException);

        client.say("still there\n").awaitSaid("STILL THERE\n");
        call("-" + option).say("hello\n").awaitSaid("HELLO\n").say("Q\n").awaitEnd();
        assertEquals("", session().applicationProtocol());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls1_2", "tls1_3"})
    void clientAuth_needed_refusesMissingOrUntrustedCertificate(String option) throws Exception {
        serve(server().clientAuth(ClientAuth.NEEDED));
        Installed known = call("-cert client.pem -key client.key -" + option);
        known.say("hello\n").awaitSaid("HELLO\n");
        assertEquals(CLIENT.certificate(), session().peerCertificates().get(0));

        for (String bad : List.of("", "-cert stranger.pem -key stranger.key ")) {
            Installed turnedAway = call(bad + "-" + option);
            Throwable error = error();
            assertTrue(error instanceof SSLHandshakeException, error.toString());
            assertTrue(error.getMessage().contains("127.0.0.1"), error.getMessage());
            turnedAway.awaitSaid("alert");
            assertEquals(1, turnedAway.awaitEnd());
        }
        known.say("two\n").awaitSaid("TWO\n");
        assertTrue(sessions.isEmpty(), sessions.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls1_2", "tls1_3"})
    void clientAuth_wanted_acceptsMissingCertificate(String option) throws Exception {
        serve(server().clientAuth(ClientAuth.WANTED));
        call("-" + option).say("hello\n").awaitSaid("HELLO\n");
        assertEquals(List.of(), session().peerCertificates());
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, tls1_2", "TLSv1.3, tls1_3"})
    void session_secondConnection_isResumed(String version, String option) throws Exception {
        serve(server());
        Installed first = call("-sess_out session -" + option);
        first.say("hello\n").awaitSaid("HELLO\n");
        first.say("Q\n").awaitEnd();
        assertFalse(session().resumed());

        Installed second = call("-sess_in session -" + option);
        second.say("two\n").awaitSaid("TWO\n").awaitSaid("Reused, " + version);
        assertTrue(session().resumed());
        assertNoErrors();
    }

    @Test
    void keyUpdate_fromIdleClient_isAppliedAndAnswered() throws Exception {
        serve(server());
        Installed client = call("-msg -tls1_3");
        client.say("begin\n").awaitSaid("BEGIN\n");
        for (int i = 1; i <= 20; i++) {
            client.say("K\n");
            awaitSaid(client, i, OUR_KEY_UPDATE);
            client.say("line " + i + "\n").awaitSaid("LINE " + i + "\n");
            client.say("k\n");
            awaitSaid(client, 2 * i, "KEYUPDATE");
            client.say("again " + i + "\n").awaitSaid("AGAIN " + i + "\n");
        }
        client.say("Q\n");
        assertEquals(0, client.awaitEnd());
        assertNoErrors();
    }

    @Test
    void renegotiation_requestedByClient_isRefused() throws Exception {
        serve(server());
        Installed client = call("-tls1_2");
        client.say("begin\n").awaitSaid("BEGIN\n");
        client.say("R\n");
        assertEquals(1, client.awaitEnd(), client.said());
        Throwable refused = error();
        assertTrue(refused instanceof SSLException, refused.toString());
        assertTrue(refused.getMessage().contains("renegotiat"), refused.toString());
    }

    @Test
    void handshake_tls11Client_isRefused() throws Exception {
        serve(server());
        assertEquals(1, call("-tls1_1 -cipher ALL:@SECLEVEL=0").awaitEnd());
        Throwable refused = error();
        assertTrue(refused instanceof SSLHandshakeException, refused.toString());
        call("").say("begin\n").awaitSaid("BEGIN\n");
    }
}
