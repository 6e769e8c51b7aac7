package io.github.futuresockets.impl.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.codec.Codecs;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadPendingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** {@code AsyncSocket.startTls}, the upgrade of a connection to TLS. */
class StartTlsTest extends TlsTest {

    private CompletionStage<?> serve(AsyncSocket plain) {
        return plain.readLine().thenCompose(command -> {
            plain.writeLine("220 go ahead");
            return plain.startTls(SERVER).thenCompose(tls -> tls.readLine().thenCompose(tls::writeLine));
        });
    }

    @OverEach
    void startTls_agreedInDialogue_continuesEncrypted(String provider) throws IOException {
        open(provider);
        AsyncServerSocket server = listen();
        server.serve(this::serve);
        for (int round = 0; round < 20; round++) {
            AsyncSocket plain = Await.value(sockets.connect("localhost", server.port()));
            plain.writeLine("STARTTLS");
            assertEquals("220 go ahead", Await.value(plain.readLine()));
            AsyncSocket tls = Await.value(plain.startTls(CLIENT));
            tls.writeLine("secret");
            assertEquals("secret", Await.value(tls.readLine()));
            assertEquals(null, Await.value(tls.readLine()));
            tls.close();
            assertEquals(
                    CloseReason.Kind.PEER_CLOSED, Await.value(plain.closed()).kind());
        }
        Await.until("no connection is left", () -> sockets.stats().open() == 0);
    }

    @OverEach
    void startTls_withinAHandlerOfMessages_continuesEncrypted(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        CompletableFuture<String> secret = new CompletableFuture<>();
        CompletableFuture<Void> plain = ends[0].messages(Codecs.lines(UTF_8, 100))
                .handle((line, replies) -> {
                    replies.send("220 go ahead");
                    return ends[0].startTls(SERVER)
                            .thenCompose(AsyncSocket::readLine)
                            .whenComplete((read, failure) -> {
                                secret.complete(read);
                            });
                });
        ends[1].writeLine("STARTTLS");
        assertEquals("220 go ahead", Await.value(ends[1].readLine()));
        Await.value(ends[1].startTls(CLIENT)).writeLine("secret");
        assertEquals("secret", Await.value(secret));
        Await.failure(ClosedChannelException.class, plain);
    }

    @OverEach
    void startTls_withinAHandlerBeforeFurtherMessages_isRefused(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        CompletableFuture<String> next = new CompletableFuture<>();
        ends[0].messages(Codecs.lines(UTF_8, 100)).handle((line, replies) -> {
            if (line.equals("QUIT")) {
                next.complete(line);
                return null;
            }
            return ends[0].startTls(SERVER).handle((tls, failure) -> refused.complete(failure));
        });
        Await.value(ends[1].write("STARTTLS\nQUIT\n"));
        assertTrue(
                Await.value(refused).getMessage().contains("5 bytes"),
                Await.value(refused).getMessage());
        assertEquals("QUIT", Await.value(next));
    }

    @OverEach
    void startTls_eitherEndAsClient_succeeds(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        CompletableFuture<AsyncSocket> server = ends[0].startTls(SERVER);
        CompletableFuture<AsyncSocket> client = ends[1].startTls(CLIENT.serverName("localhost"));
        Await.value(client).writeLine("hello");
        assertEquals("hello", Await.value(Await.value(server).readLine()));
    }

    @Test
    void startTls_resolvedToOtherName_verifiesNameConnectedTo() throws IOException {
        InetAddress other = InetAddress.getByAddress("other.test", new byte[] {127, 0, 0, 1});
        open("loop", builder -> builder.resolver(host -> List.of(other)));
        AsyncServerSocket server = listen();
        server.serve(plain -> plain.startTls(SERVER).thenCompose(AsyncSocket::readLine));
        AsyncSocket plain = Await.value(sockets.connect("localhost", server.port()));
        Await.value(plain.startTls(CLIENT)).close();
    }

    @OverEach
    void startTls_plainBytesBuffered_isRefused(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        Await.value(ends[1].write("STARTTLS\nQUIT\n"));
        assertEquals("STARTTLS", Await.value(ends[0].readLine()));
        SSLException refused = Await.failure(SSLException.class, ends[0].startTls(SERVER));
        assertTrue(refused.getMessage().contains("5 bytes"), refused.getMessage());
        assertEquals("QUIT", Await.value(ends[0].readLine()), "it is as it was");
    }

    @OverEach
    void startTls_readPending_isRefused(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        CompletableFuture<String> line = ends[0].readLine();
        Await.failure(ReadPendingException.class, ends[0].startTls(SERVER));
        Await.value(ends[1].writeLine("still"));
        assertEquals("still", Await.value(line));
    }

    @OverEach
    void startTls_afterCancelledRead_inheritsFill(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        assertTrue(ends[0].readLine().cancel(false));
        CompletableFuture<AsyncSocket> server = ends[0].startTls(SERVER);
        AsyncSocket client = Await.value(ends[1].startTls(CLIENT));
        client.writeLine("hello");
        assertEquals("hello", Await.value(Await.value(server).readLine()));
    }

    @OverEach
    void startTls_writesQueued_sendsQueueInPlainFirst(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        byte[] much = new byte[8 << 20];
        CompletableFuture<Void> written = ends[0].write(much);
        CompletableFuture<AsyncSocket> server = ends[0].startTls(SERVER);
        Await.failure(ClosedChannelException.class, ends[0].write("too late"));
        Await.failure(ClosedChannelException.class, ends[0].readLine());
        Await.failure(ClosedChannelException.class, ends[0].shutdownOutput());
        assertEquals(much.length, Await.value(ends[1].readExactly(much.length)).remaining());
        Await.value(written);
        AsyncSocket client = Await.value(ends[1].startTls(CLIENT));
        Await.value(server).writeLine("hello");
        assertEquals("hello", Await.value(client.readLine()));
    }

    @OverEach
    void abort_ofPlainSocket_endsEncryptedSocket(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        CompletableFuture<CloseReason> closed = ends[0].closed();
        CompletableFuture<AsyncSocket> server = ends[0].startTls(SERVER);
        AsyncSocket client = Await.value(ends[1].startTls(CLIENT));
        AsyncSocket far = Await.value(server);
        assertTrue(ends[0].isOpen());
        ends[0].abort();
        assertFalse(ends[0].isOpen());
        assertFalse(far.isOpen());
        assertEquals(CloseReason.Kind.ABORTED, Await.value(closed).kind());
        assertEquals(CloseReason.Kind.ABORTED, Await.value(far.closed()).kind());
        ends[1].close();
        Await.value(client.closed());
    }

    @OverEach
    void startTls_cancelledBehindWrites_leavesPlainSocketUnchanged(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        byte[] much = new byte[8 << 20];
        ends[0].write(much);
        assertTrue(ends[0].startTls(SERVER).cancel(false));
        ends[0].write("plain");
        Await.value(ends[1].readExactly(much.length));
        assertEquals(5, Await.value(ends[1].readExactly(5)).remaining());
        ends[1].writeLine("plain too");
        assertEquals("plain too", Await.value(ends[0].readLine()));
    }

    @OverEach
    void startTls_cancelledInHandshake_endsConnection(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        CompletableFuture<AsyncSocket> client = ends[0].startTls(CLIENT);
        Await.value(ends[1].readable());
        assertTrue(client.cancel(false));
        Await.failure(ClosedChannelException.class, ends[0].readLine());
        Await.failure(ClosedChannelException.class, ends[0].write("too late"));
        Await.value(ends[0].closed());
        Await.failure(ClosedChannelException.class, ends[0].readLine());
        ends[1].abort();
    }

    @OverEach
    void startTls_closeInHandshake_fails(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        CompletableFuture<AsyncSocket> client = ends[0].startTls(CLIENT);
        Await.value(ends[1].readable());
        ends[0].close();
        Await.failure(ClosedChannelException.class, client);
        Await.value(ends[0].closed());
        ends[1].abort();
    }

    @OverEach
    void startTls_handshakeFails_closesBothSockets(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        CompletableFuture<AsyncSocket> server = ends[0].startTls(SERVER);
        CompletableFuture<AsyncSocket> client = ends[1].startTls(TlsOptions.client());
        Await.failure(SSLHandshakeException.class, client);
        Await.failure(SSLHandshakeException.class, server);
        assertEquals(CloseReason.Kind.FAILED, Await.value(ends[0].closed()).kind());
        assertEquals(CloseReason.Kind.FAILED, Await.value(ends[1].closed()).kind());
    }

    @OverEach
    void startTls_secondCall_isRefusedOrLayered(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        CompletableFuture<AsyncSocket> server = ends[0].startTls(SERVER);
        Await.failure(ClosedChannelException.class, ends[0].startTls(SERVER));
        AsyncSocket client = Await.value(ends[1].startTls(CLIENT));
        CompletableFuture<AsyncSocket> inner = Await.value(server).startTls(SERVER);
        AsyncSocket innermost = Await.value(client.startTls(CLIENT.handshakeTimeout(Duration.ofSeconds(9))));
        innermost.writeLine("twice");
        assertEquals("twice", Await.value(Await.value(inner).readLine()));
    }

    @OverEach
    void startTls_failsAtOnce_leavesFillOfCancelledReadAlone(String provider) throws IOException {
        open(provider);
        for (int i = 0; i < 20; i++) {
            AsyncSocket[] ends = pair();
            assertTrue(ends[0].readLine().cancel(false));
            TlsOptions impossible = CLIENT.protocols("TLSv1.3").ciphers("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
            Await.failure(SSLHandshakeException.class, ends[0].startTls(impossible));
            assertEquals(CloseReason.Kind.FAILED, Await.value(ends[0].closed()).kind());
            ends[1].abort();
        }
    }

    /** Between two networks in memory, the handshake completes within the call, in its first step. */
    @Test
    void startTls_handshakeDoneAtOnce_isNotTakenForCancelled() throws IOException {
        open("memory");
        try (AsyncSockets others = AsyncSockets.builder().provider("memory").build()) {
            AsyncServerSocket server = others.listen(new InetSocketAddress("127.0.0.1", 0));
            CompletableFuture<AsyncSocket> accepted = server.accept();
            AsyncSocket near = Await.value(sockets.connect(server.localAddress()));
            CompletableFuture<AsyncSocket> far = Await.value(accepted).startTls(SERVER);
            AsyncSocket client = Await.value(near.startTls(CLIENT));
            assertTrue(client.isOpen());
            client.writeLine("hello");
            assertEquals("hello", Await.value(Await.value(far).readLine()));
        }
    }

    private static final TlsOptions IMPOSSIBLE =
            CLIENT.protocols("TLSv1.3").ciphers("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");

    @OverEach
    void startTls_handshakeFails_failsBeforeTheEnd(String provider) throws IOException {
        open(provider);
        AsyncSocket[] ends = pair();
        AtomicReference<CompletableFuture<?>> start = new AtomicReference<>(CompletableFuture.completedFuture(null));
        CompletableFuture<Boolean> failedBefore =
                ends[0].closed().thenApply(why -> start.get().isDone());
        start.set(ends[0].startTls(IMPOSSIBLE));
        assertTrue(Await.value(failedBefore));
        ends[1].abort();
    }

    /** Runs the completions in any order, as an executor with many threads may. */
    @Test
    void startTls_handshakeFailsWithExecutor_failsBeforeTheEnd() throws IOException {
        Random random = Seeds.random("the order of completions");
        List<Runnable> kept = Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean keeps = new AtomicBoolean();
        open(
                "loop",
                builder -> builder.executor(task -> {
                    if (keeps.get()) {
                        kept.add(task);
                    } else {
                        task.run();
                    }
                }));
        for (int round = 0; round < 40; round++) {
            AsyncSocket[] ends = pair();
            keeps.set(true);
            CompletableFuture<AsyncSocket> start = ends[0].startTls(IMPOSSIBLE);
            CompletableFuture<Boolean> failedBefore = ends[0].closed().thenApply(why -> start.isDone());
            Await.until("the failure and the end", () -> kept.size() >= 2);
            Await.until("the end", () -> {
                if (!kept.isEmpty()) {
                    kept.remove(random.nextInt(kept.size())).run();
                }
                return failedBefore.isDone();
            });
            assertTrue(Await.value(failedBefore));
            keeps.set(false);
            ends[1].abort();
        }
    }
}
