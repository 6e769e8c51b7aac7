package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests TLS key updates (RFC 8446, section 4.6.3) that have to be answered while a large write is pending. */
class KeyUpdatesTest {
    private static final int CHANGES = 300;
    private static final int BETWEEN = 4_096;

    private final byte[] large = new byte[2 << 20];
    private AsyncSockets sockets;
    private AsyncSocket plain;
    private AsyncSocket socket;

    private TlsAttacker converse(String provider) throws IOException {
        sockets = AsyncSockets.builder()
                .provider(provider)
                .threads(2)
                .option(StandardSocketOptions.SO_SNDBUF, 16_384)
                .option(StandardSocketOptions.SO_RCVBUF, 16_384)
                .build();
        AsyncServerSocket server = sockets.listen(
                new InetSocketAddress("127.0.0.1", 0),
                chosen -> chosen.tls(TlsOptions.server(TestCertificates.server())));
        CompletableFuture<AsyncSocket> accepted = server.accept();
        plain = Await.value(sockets.connect(server.localAddress()));
        TlsAttacker peer = new TlsAttacker(plain, "TLSv1.3").shakeHands();
        socket = Await.value(accepted);
        Seeds.random("what is sent").nextBytes(large);
        return peer;
    }

    /** The peer sends pairs of a key update and a record, and the socket reads the content of each record. */
    private void change(TlsAttacker peer) {
        byte[] sent = new byte[BETWEEN];
        for (int i = 0; i < CHANGES; i++) {
            sent[0] = (byte) i;
            peer.send(peer.question());
            peer.send(peer.record(sent));
            assertArrayEquals(sent, Await.value(socket.readExactly(BETWEEN)).array());
        }
    }

    @AfterEach
    void close() {
        sockets.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2", "memory"})
    void keyUpdates_nothingLeaves_areAnsweredInTheEnd(String provider) throws IOException {
        TlsAttacker peer = converse(provider);
        CompletableFuture<Void> written = socket.write(large);
        change(peer);
        assertFalse(written.isDone());
        assertArrayEquals(large, peer.read(large.length));
        Await.value(written);
        change(peer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2", "memory"})
    void keyUpdates_duringWrite_corruptNothing(String provider) throws IOException {
        TlsAttacker peer = converse(provider);
        CompletableFuture<Void> written = socket.write(large);
        CompletableFuture<byte[]> read = Background.call(() -> peer.read(large.length));
        change(peer);
        assertArrayEquals(large, Await.value(read));
        Await.value(written);
        assertTrue(socket.isOpen());
    }
}
