package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.memory.MemoryLoop;
import io.github.futuresockets.impl.transport.BufferPool;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** {@link RecordBuffer} with records in pieces, and the memory of the buffer. */
class RecordBufferTest {
    private final BufferPool chunks = new MemoryLoop(Supplies.Memory.JVM).chunks();

    private final RecordBuffer records = new RecordBuffer(chunks);

    private void arrive(byte[] bytes, int from, int to) {
        records.add(chunks.acquire(to - from).put(bytes, from, to - from).flip());
    }

    @Test
    void memory_recordClaimsMuch_growsWithReceivedBytes() throws SSLException {
        byte[] record = PlainEngine.record(PlainEngine.DATA, new byte[PlainEngine.MAX]);
        arrive(record, 0, 6);
        assertFalse(records.isWhole());
        records.cut();
        assertEquals(BufferPool.SMALL, records.next().capacity());
        arrive(record, 6, BufferPool.SMALL + 1);
        assertEquals(BufferPool.LARGE, records.next().capacity());
        assertEquals(ByteBuffer.wrap(record, 0, BufferPool.SMALL + 1), records.next());
        records.drop();
        assertEquals(0, records.size());
    }

    @Test
    void cut_startOfRecordRemains_holdsLittleMemory() throws SSLException {
        byte[] many = new byte[BufferPool.LARGE];
        many[many.length - 1] = 1;
        arrive(many, 0, many.length);
        records.next().position(many.length - 1);
        records.taken();
        records.cut();
        assertEquals(BufferPool.SMALL, records.next().capacity());
        assertEquals(1, records.next().get());
    }

    @Test
    void chunkAndArray_emptied_goBackToPool() {
        ByteBuffer chunk = chunks.acquire(10);
        records.add(chunk.limit(10));
        assertSame(chunk, chunks.acquire(10));
        ByteBuffer array = records.next();
        array.position(10);
        records.taken();
        assertEquals(0, records.next().capacity());
        assertSame(array, chunks.acquireArray(10));
    }

    @Test
    void cut_engineWantsMoreThanRecord_givesAllUntilTooMuch() throws SSLException {
        byte[] one = PlainEngine.record(PlainEngine.HELLO, (byte) 1);
        arrive(one, 0, one.length);
        for (int size = one.length; size < BufferPool.LARGE; size += one.length) {
            assertTrue(records.isWhole());
            records.cut();
            assertEquals(size, records.next().remaining());
            assertEquals(BufferPool.LARGE - size, records.room());
            arrive(one, 0, one.length);
        }
        assertThrows(SSLException.class, records::cut);
    }
}
