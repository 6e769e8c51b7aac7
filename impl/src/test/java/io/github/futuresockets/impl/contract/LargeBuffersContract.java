package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Large buffers, possibly passed to the kernel without a copy. The bytes of the stream are the same. */
abstract class LargeBuffersContract extends ContractTest {
    private static final int TOTAL = 6_000_000;
    private static final byte UNTOUCHED = 0x55;

    private static ByteBuffer buffer(Random random) {
        int size = 1 + random.nextInt(random.nextBoolean() ? 200_000 : 100);
        ByteBuffer whole =
                random.nextInt(4) == 0 ? ByteBuffer.allocate(size + 20) : ByteBuffer.allocateDirect(size + 20);
        for (int i = 0; i < whole.capacity(); i++) {
            whole.put(i, UNTOUCHED);
        }
        int start = random.nextInt(10);
        return whole.position(start).limit(start + size);
    }

    private static void assertUntouched(ByteBuffer whole, int from, int to) {
        for (int i = from; i < to; i++) {
            assertEquals(UNTOUCHED, whole.get(i), "byte " + i);
        }
    }

    @Test
    void reads_intoBuffersOfEveryKindAndSizeGiveTheStream() {
        converse();
        byte[] content = Seeds.bytes("large reads", TOTAL);
        Random random = Seeds.random("sizes of reads");
        ByteBuffer got = ByteBuffer.allocate(TOTAL);
        CompletableFuture<Void> sent = Background.run(() -> peer.send(content).end());
        CompletableFuture<Void> read = AsyncLoop.whileTrue(() -> {
            ByteBuffer dst = buffer(random);
            int start = dst.position();
            int limit = dst.limit();
            if (random.nextInt(8) == 0) {
                return socket.readSome(1 + random.nextInt(1_000)).thenApply(some -> {
                    if (some != null) {
                        got.put(some);
                    }
                    return some != null;
                });
            }
            return socket.read(dst).thenApply(count -> {
                assertEquals(limit, dst.limit());
                assertEquals(start + Math.max(0, count), dst.position());
                ByteBuffer whole = dst.duplicate().clear();
                assertUntouched(whole, 0, start);
                assertUntouched(whole, start + Math.max(0, count), whole.capacity());
                got.put(dst.duplicate().flip().position(start));
                return count >= 0;
            });
        });
        Await.value(read);
        Await.value(sent);
        assertArrayEquals(content, got.array());
    }

    @Test
    void writes_fromBuffersOfEveryKindAndSizeGiveTheStream() {
        converseNarrowly();
        Random random = Seeds.random("large writes");
        ByteBuffer expected = ByteBuffer.allocate(TOTAL);
        List<ByteBuffer> sources = new ArrayList<>();
        while (expected.hasRemaining()) {
            ByteBuffer src = buffer(random);
            src.limit(Math.min(src.limit(), src.position() + expected.remaining()));
            for (int i = src.position(); i < src.limit(); i++) {
                src.put(i, (byte) random.nextInt());
            }
            expected.put(src.duplicate());
            sources.add(src);
        }
        CompletableFuture<byte[]> received = Background.call(() -> peer.receive(TOTAL));
        CompletableFuture<Void> written = AsyncLoop.forEach(sources, 3, socket::write);
        assertArrayEquals(expected.array(), Await.value(received));
        Await.value(written);
        sources.forEach(each -> assertEquals(each.limit(), each.position()));
    }
}
