package io.github.futuresockets.impl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.impl.connection.Hook;
import io.github.futuresockets.impl.engine.Engine;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Seeds;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Tests large lent direct buffers. Covers a time-out while a buffer is filled, and the budget of a fast peer on a
 * shared loop.
 */
class LentBuffersTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    @Test
    void read_timesOutWhileBufferFills_losesNothing() {
        MemoryNetwork network = MemoryNetwork.create(settings -> settings.readTimeout(LIMIT));
        AsyncSocketPair pair = network.pair();
        byte[] content = Seeds.bytes("lent", 20_000);
        Await.value(pair.right().write(content));
        boolean[] lent = new boolean[1];
        ((Engine) network).hook = new Hook() {
            @Override
            public void lent() {
                lent[0] = true;
                network.advance(LIMIT);
            }
        };
        ByteBuffer dst = ByteBuffer.allocateDirect(40_000).position(10).limit(30_010);
        Await.failure(SocketTimeoutException.class, pair.left().read(dst));
        assertTrue(lent[0]);
        assertEquals(10, dst.position());
        ((Engine) network).hook = Hook.NONE;
        assertArrayEquals(
                content, Await.value(pair.left().readExactly(content.length)).array());
        Await.value(pair.right().write(content));
        assertEquals(content.length, Await.value(pair.left().read(dst)));
        byte[] got = new byte[content.length];
        dst.flip().position(10).get(got);
        assertArrayEquals(content, got);
    }

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
