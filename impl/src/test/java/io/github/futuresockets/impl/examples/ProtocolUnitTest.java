package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a protocol is tested without a network: nothing to wait for, and time passes when the test says so. */
class ProtocolUnitTest {
    @Test
    void messagesArriveWholeHoweverTheirBytesDo() {
        try (AsyncSocketPair pair = AsyncSocketPair.inMemory(FaultPlan.NONE, FaultPlan.NONE.splitReads(1))) {
            pair.left().messages(RpcServer.TEXT).send("in one piece");
            assertEquals(
                    "in one piece", pair.right().readMessage(RpcServer.TEXT).join());
        }
    }

    @Test
    void aSilentPeerIsDroppedAfterAnHour() {
        MemoryNetwork network = MemoryNetwork.create(settings -> settings.idleTimeout(Duration.ofHours(1)));
        AsyncSocketPair pair = network.pair();
        network.advance(Duration.ofHours(1));
        assertEquals(CloseReason.Kind.TIMED_OUT, pair.right().closed().join().kind());
    }
}
