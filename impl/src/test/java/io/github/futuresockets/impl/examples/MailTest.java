package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Installed;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Mail} with its own client, with curl and OpenSSL, and with an attacker on the network path. */
class MailTest {
    private static final String LETTER = "Subject: hello\r\n\r\nárvíztűrő";

    private static final TestCertificates NOBODY = TestCertificates.authority("nobody");

    @TempDir
    private Path folder;

    private final BlockingQueue<String> letters = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
    private AsyncSockets sockets;
    private AsyncServerSocket server;
    private TlsOptions client;

    @BeforeEach
    void open() throws IOException {
        TestCertificates.root().writePem(folder.resolve("root.pem"), folder.resolve("root.key"));
        client = TlsOptions.client().context(TestCertificates.client());
        sockets = AsyncSockets.builder()
                .threads(2)
                .onError((socket, failure) -> errors.add(failure))
                .build();
        server = sockets.listen("127.0.0.1", 0);
        server.serve(new Mail.Server(TlsOptions.server(TestCertificates.server()), letters::add)::converse);
    }

    @AfterEach
    void close() {
        sockets.close();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return queue.poll(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private CompletableFuture<String> sendTo(int port) {
        return Mail.send(sockets, "localhost", port, client, LETTER);
    }

    @Test
    void send_trustedServer_deliversLetter() throws Exception {
        assertEquals("221 bye", Await.value(sendTo(server.port())));
        assertEquals(LETTER + "\r\n.\r\n", next(letters));
        Await.until("every connection is closed", () -> sockets.stats().open() == 0);
        assertNull(errors.peek());
    }

    @Test
    void server_curl_deliversOnlyWithTrustedCertificate() throws Exception {
        Installed.assume("curl");
        Files.writeString(folder.resolve("letter"), LETTER + "\r\n");
        String curl = "curl -sS --noproxy '*' smtp://127.0.0.1:" + server.port()
                + "/client --ssl-reqd --mail-from ann@example --mail-rcpt bob@example -T letter";
        String said = Installed.run(folder, curl + " --cacert root.pem; echo status $?");
        assertTrue(said.endsWith("status 0\n"), said);
        assertEquals(LETTER + "\r\n.\r\n", next(letters));
        assertNull(errors.peek());

        String refused = Installed.run(folder, curl + "; echo status $?");
        assertTrue(refused.endsWith("status 60\n"), refused);
        assertTrue(next(errors) instanceof SSLHandshakeException);
        assertNull(letters.peek());
    }

    @Test
    void server_opensslStartTls_deliversLetter() throws Exception {
        Installed.assume("openssl");
        String command = "openssl s_client -starttls smtp -connect 127.0.0.1:" + server.port()
                + " -CAfile root.pem -verify_return_error -crlf -quiet";
        try (Installed program = Installed.start(folder, command.split(" "))) {
            program.awaitSaid("250 STARTTLS");
            program.say("DATA\n").awaitSaid("354 end with a dot");
            program.say("hello\n.\n").awaitSaid("250 taken");
            program.say("QUIT\n").awaitSaid("221 bye");
            assertEquals(0, program.awaitEnd());
        }
        assertEquals("hello\r\n.\r\n", next(letters));
        assertNull(errors.peek());
    }

    @Test
    void server_mailCommandBeforeStartTls_isRefused() {
        try (Peer peer = Peer.connect(server.localAddress())) {
            peer.text("220 ready\r\n".length());
            peer.send("MAIL FROM:<ann@example>\r\n");
            assertEquals("530 STARTTLS first\r\n", peer.text("530 STARTTLS first\r\n".length()));
        }
    }

    /** An attacker adds plaintext commands after STARTTLS. The server must not execute these commands. */
    @Test
    void startTls_commandsInjectedAfterCommand_areNotExecuted() throws Exception {
        try (Peer peer = Peer.connect(server.localAddress())) {
            peer.text("220 ready\r\n".length());
            peer.send("STARTTLS\r\nDATA\r\nevil\r\n.\r\n");
            assertEquals("220 go ahead\r\n", peer.text("220 go ahead\r\n".length()));
            peer.awaitOver();
        }
        Throwable refused = next(errors);
        assertTrue(refused instanceof SSLException, String.valueOf(refused));
        assertTrue(refused.getMessage().contains("startTls"), refused.getMessage());
        assertNull(letters.peek());
        Await.until("every connection is closed", () -> sockets.stats().open() == 0);
    }

    /** An attacker adds plaintext replies after the reply to STARTTLS. The client must not accept these replies. */
    @Test
    void startTls_repliesInjectedAfterReply_failSend() {
        try (PeerServer listener = new PeerServer()) {
            CompletableFuture<Void> evil = Background.run(() -> {
                try (Peer peer = listener.accept()) {
                    peer.send("220 ready\r\n").receive("EHLO client\r\n".length());
                    peer.send("250 STARTTLS\r\n").receive("STARTTLS\r\n".length());
                    peer.send("220 go ahead\r\n250 hello\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n221 bye\r\n");
                    assertEquals("", peer.textToEnd());
                }
            });
            SSLException refused = Await.failure(SSLException.class, sendTo(listener.port()));
            assertTrue(refused.getMessage().contains("startTls"), refused.getMessage());
            Await.value(evil);
        }
    }

    @Test
    void send_untrustedServer_failsAndSendsNoLetter() {
        CompletableFuture<String> sent = Mail.send(
                sockets,
                "localhost",
                server.port(),
                TlsOptions.client().context(TestCertificates.trusting(NOBODY)),
                LETTER);
        Await.failure(SSLHandshakeException.class, sent);
        assertNull(letters.peek());
        Await.until("every connection is closed", () -> sockets.stats().open() == 0);
    }
}
