package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.impl.common.Supplies;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Memory that remembers all direct buffers, so that a test can find lost buffers and buffers that were released twice. */
final class CountedMemory implements Supplies.Memory {
    private final List<ByteBuffer> made = new ArrayList<>();

    @Override
    public ByteBuffer direct(int bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
        made.add(buffer);
        return buffer;
    }

    /** Fails unless the pool of the loop has each buffer exactly once. Empties the pool. */
    void assertReleasedOnce(ManualLoop loop) {
        List<ByteBuffer> lent = List.copyOf(made);
        Map<ByteBuffer, Integer> found = new IdentityHashMap<>();
        for (ByteBuffer each : lent) {
            takeAll(loop, each.capacity(), found);
            loop.onLoop(() -> takeAll(loop, each.capacity(), found));
        }
        for (ByteBuffer each : lent) {
            assertEquals(1, found.getOrDefault(each, 0), "times in the pool: " + each);
        }
    }

    private void takeAll(ManualLoop loop, int capacity, Map<ByteBuffer, Integer> found) {
        for (int before = made.size(); made.size() == before; ) {
            found.merge(loop.chunks().acquire(capacity), 1, Integer::sum);
        }
    }
}
