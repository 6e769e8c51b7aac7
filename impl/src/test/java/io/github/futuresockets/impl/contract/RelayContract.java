package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncRelay;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.RelayReport;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The bytes, the ends of stream, the failures and the byte counts of an {@code AsyncRelay} between two sockets. */
abstract class RelayContract extends ContractTest {
    private AsyncSocket left;
    private Peer leftPeer;

    private void two() {
        converse();
        left = socket;
        leftPeer = peer;
        connect(0);
    }

    @Test
    void relay_bothDirections_everyByteArrives() {
        onlyWhereOneEndMayGoOn();
        two();
        byte[] there = megabytes(5);
        byte[] back = megabytes(3);
        CompletableFuture<RelayReport> relay = AsyncRelay.join(left, socket);
        CompletableFuture<?> sent = Background.run(() -> leftPeer.send(there).end());
        CompletableFuture<?> answered = Background.run(() -> peer.send(back).end());
        CompletableFuture<byte[]> got = Background.call(leftPeer::receiveAll);
        assertArrayEquals(there, peer.receiveAll());
        assertArrayEquals(back, Await.value(got));
        Await.value(sent);
        Await.value(answered);
        assertEquals(new RelayReport(there.length, back.length, null), Await.value(relay));
    }

    @Test
    void relay_halfClose_isForwardedAndOtherDirectionGoesOn() {
        onlyWhereOneEndMayGoOn();
        two();
        CompletableFuture<RelayReport> relay = AsyncRelay.join(left, socket);
        leftPeer.send("question").end();
        assertEquals("question", peer.textToEnd());
        peer.send("answer");
        assertEquals("answer", leftPeer.text(6));
        assertFalse(relay.isDone());
        peer.send("more").end();
        assertEquals("more", leftPeer.textToEnd());
        assertEquals(new RelayReport(8, 10, null), Await.value(relay));
        assertFalse(left.isOpen() || socket.isOpen());
    }

    @Test
    void relay_failure_endsBothSocketsAndReportsCounts() {
        two();
        CompletableFuture<RelayReport> relay = AsyncRelay.join(left, socket);
        leftPeer.send("some");
        assertEquals("some", peer.text(4));
        left.abort();
        RelayReport report = Await.value(relay);
        assertEquals(4, report.forward());
        assertNotNull(report.failure());
        assertEnded(peer);
        assertAborted(leftPeer);
    }

    @Test
    void relay_serverResetsAfterAnswer_answerArrives() {
        onlyOverTcp();
        two();
        CompletableFuture<RelayReport> relay = AsyncRelay.join(left, socket);
        leftPeer.send("question");
        assertEquals("question", peer.text(8));
        peer.send("answer");
        peer.reset();
        assertEquals("answer", leftPeer.textToEnd());
        RelayReport report = Await.value(relay);
        assertEquals(6, report.backward());
        CloseReason reason = Await.value(socket.closed());
        assertEquals(CloseReason.Kind.RESET, reason.kind());
        assertNotNull(report.failure());
    }

    @Test
    void relay_uploadThatFails_theAnswerArrives() {
        onlyOverTcp();
        two();
        CompletableFuture<RelayReport> relay = AsyncRelay.join(left, socket);
        CompletableFuture<Void> upload = Background.run(() -> leftPeer.send(megabytes(16)));
        peer.receive(1_000);
        peer.send("answer");
        peer.reset();
        assertEquals("answer", leftPeer.text(6));
        assertEnded(leftPeer);
        assertNotNull(Await.value(relay).failure());
        leftPeer.close();
        Await.value(upload.handle((none, cut) -> true));
        Await.value(left.closed());
    }

    @Test
    void relay_socketTimeouts_stayInForce() {
        two();
        left.idleTimeout(Duration.ofMillis(100));
        RelayReport report = Await.value(AsyncRelay.join(left, socket));
        assertInstanceOf(SocketTimeoutException.class, report.failure());
        assertEnded(peer);
        assertAborted(leftPeer);
    }

    @Test
    void relay_idleOrCancelled_abortsBothSockets() {
        two();
        CompletableFuture<RelayReport> idle = AsyncRelay.join(left, socket, Duration.ofMillis(100));
        assertInstanceOf(SocketTimeoutException.class, Await.value(idle).failure());
        assertAborted(peer);
        assertAborted(leftPeer);
        assertEquals(CloseReason.Kind.TIMED_OUT, Await.value(left.closed()).kind());
        assertEquals(CloseReason.Kind.TIMED_OUT, Await.value(socket.closed()).kind());
        leftPeer.close();
        peer.close();
        connect(0);
        left = socket;
        leftPeer = peer;
        connect(0);
        assertTrue(AsyncRelay.join(left, socket).cancel(false));
        assertAborted(peer);
        assertAborted(leftPeer);
    }
}
