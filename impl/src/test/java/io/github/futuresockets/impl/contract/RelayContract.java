package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncRelay;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.RelayReport;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A relay between two sockets: every byte, both ends, both counts. */
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
    void everyByteArrivesInBothDirections() {
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
    void aHalfCloseIsPassedOnAndTheOtherDirectionGoesOn() {
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
    void aFailureEndsBothAndTheCountsAreThere() {
        two();
        CompletableFuture<RelayReport> relay = AsyncRelay.join(left, socket);
        leftPeer.send("some");
        assertEquals("some", peer.text(4));
        left.abort();
        RelayReport report = Await.value(relay);
        assertEquals(4, report.forward());
        assertNotNull(report.failure());
        peer.awaitOver();
    }

    @Test
    void theTimeOutsOfTheSocketsGoOn() {
        two();
        left.idleTimeout(Duration.ofMillis(100));
        assertNotNull(Await.value(AsyncRelay.join(left, socket)).failure());
        peer.awaitOver();
        leftPeer.awaitOver();
    }

    @Test
    void anIdleRelayEndsAndACancelledOneTakesBothAlong() {
        two();
        CompletableFuture<RelayReport> idle = AsyncRelay.join(left, socket, Duration.ofMillis(100));
        assertNotNull(Await.value(idle).failure());
        peer.awaitOver();
        leftPeer.awaitOver();
        leftPeer.close();
        peer.close();
        connect(0);
        left = socket;
        leftPeer = peer;
        connect(0);
        assertTrue(AsyncRelay.join(left, socket).cancel(false));
        peer.awaitOver();
        leftPeer.awaitOver();
    }
}
