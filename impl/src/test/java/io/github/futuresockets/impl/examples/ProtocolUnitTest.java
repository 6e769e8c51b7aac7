package io.github.futuresockets.impl.examples;

import static io.github.futuresockets.impl.examples.RpcServer.TEXT;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a protocol is tested without a network: nothing to wait for, and time passes when the test says so. */
class ProtocolUnitTest {
    private static final FaultPlan BYTE_BY_BYTE = FaultPlan.NONE.splitReads(1);
    private final MemoryNetwork network = MemoryNetwork.create(settings -> settings.idleTimeout(Duration.ofHours(1)));

    @Test
    void aCallGetsItsReplyThoughTheirBytesArriveOneByOne() {
        AsyncSocketPair pair = network.faults(BYTE_BY_BYTE, BYTE_BY_BYTE).pair();
        pair.right().messages(TEXT).answer(word -> completedFuture(word + "!"), 1);
        assertEquals(
                "hello!", pair.left().requests(TEXT, TEXT, 1).request("hello").join());
    }

    @Test
    void aSilentPeerIsDroppedAfterAnHour() {
        AsyncSocketPair pair = network.pair();
        network.advance(Duration.ofHours(1));
        assertEquals(CloseReason.Kind.TIMED_OUT, pair.right().closed().join().kind());
    }
}
