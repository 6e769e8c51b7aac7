package io.github.futuresockets.impl.examples;

import static io.github.futuresockets.FaultPlan.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.MemoryNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A unit test of a protocol without a network. No call waits, and the test advances the time. */
class ProtocolUnitTest {
    @Test
    void readMessage_bytesArriveOneByOne_returnsWholeMessage() {
        AsyncSocketPair pair = AsyncSocketPair.inMemory(NONE, NONE.splitReads(1));
        pair.left().messages(RpcServer.TEXT).send("hello");
        assertEquals("hello", pair.right().readMessage(RpcServer.TEXT).join());
    }

    @Test
    void idleTimeout_peerSilentForAnHour_closesSocket() {
        MemoryNetwork network = MemoryNetwork.create(with -> with.idleTimeout(Duration.ofHours(1)));
        AsyncSocketPair pair = network.pair();
        network.advance(Duration.ofHours(1));
        assertEquals(CloseReason.Kind.TIMED_OUT, pair.right().closed().join().kind());
    }
}
