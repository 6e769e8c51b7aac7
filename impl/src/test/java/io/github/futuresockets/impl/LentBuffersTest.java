package io.github.futuresockets.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.impl.support.Await;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests the budget of a fast peer that fills lent buffers on a shared loop. */
class LentBuffersTest {
    @Test
    void transferTo_fastPeer_leavesTurnsToOthers() {
        MemoryNetwork network = MemoryNetwork.create();
        network.faults(FaultPlan.NONE.capacity(64 << 20), FaultPlan.NONE.capacity(64 << 20));
        AsyncSocketPair flood = network.pair();
        AsyncSocketPair sink = network.pair();
        AsyncSocketPair other = network.pair();
        Await.value(flood.right().write(new byte[8 << 20]));
        Await.value(other.right().write("a line\n"));
        CompletableFuture<Long> before = new CompletableFuture<>();
        network.pair().left().closed();
        onLoop(network, () -> {
            flood.left().transferTo(sink.left());
            other.left()
                    .readLine()
                    .thenRun(() -> before.complete(flood.left().stats().bytesIn()));
        });
        assertTrue(Await.value(before) <= 1 << 20, before.join() + " bytes before the others' turn");
        assertEquals(8 << 20, Await.value(sink.right().readExactly(8 << 20)).remaining());
    }

    private static void onLoop(MemoryNetwork network, Runnable task) {
        AsyncSocketPair trigger = network.pair();
        trigger.left().readLine().thenRun(task);
        Await.value(trigger.right().write("now\n"));
    }
}
