package io.github.futuresockets.impl.examples;

import static io.github.futuresockets.FaultPlan.NONE;
import static io.github.futuresockets.impl.examples.RpcServer.TEXT;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.MemoryNetwork;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a protocol is tested without a network: nothing to wait for, and time passes when the test says so. */
class ProtocolUnitTest {
    private final MemoryNetwork network = MemoryNetwork.create(with -> with.idleTimeout(Duration.ofHours(1)));
    private final AsyncSocketPair pair =
            network.faults(NONE, NONE.splitReads(1)).pair();

    @Test
    void aCallIsAnsweredThoughItsBytesArriveOneByOne() {
        pair.right().messages(TEXT).answer(word -> completedFuture(word + "!"), 1);
        CompletableFuture<String> reply = pair.left().requests(TEXT, TEXT, 1).request("hello");
        assertEquals("hello!", reply.join());
    }

    @Test
    void aSilentPeerIsDroppedAfterAnHour() {
        network.advance(Duration.ofHours(1));
        assertEquals(CloseReason.Kind.TIMED_OUT, pair.right().closed().join().kind());
    }
}
