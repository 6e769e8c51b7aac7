package io.github.futuresockets.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** How records lie in the chunks in which they arrive. */
class TlsRecordsTest {
    private final Chunks chunks = new Chunks(new MemoryLoop());

    @Test
    void memoryGrowsWithTheBytesThatComeAndNotWithWhatARecordClaims() throws SSLException {
        byte[] record = PlainEngine.record(PlainEngine.DATA, new byte[PlainEngine.MOST]);
        TlsRecords records = new TlsRecords(chunks);
        ByteBuffer chunk = chunks.take(6);
        records.add(chunk.put(record, 0, 6).flip());
        assertFalse(records.more());
        assertEquals(Chunks.SMALL, records.next().capacity());
        records.drop();
        assertEquals(0, records.size());
    }

    @Test
    void aChunkGoesBackWithItsLastRecord() {
        TlsRecords records = new TlsRecords(chunks);
        ByteBuffer chunk = chunks.take(10);
        records.add(chunk.limit(10));
        records.next().position(10);
        records.taken();
        assertEquals(0, records.next().capacity());
        assertEquals(System.identityHashCode(chunk), System.identityHashCode(chunks.take(10)));
    }

    @Test
    void anEngineThatIsNotContentWithAWholeRecordGetsAllThereAre() throws SSLException {
        byte[] one = PlainEngine.record(PlainEngine.HELLO, (byte) 1);
        byte[] many = new byte[1_000 * one.length];
        for (int i = 0; i < many.length; i++) {
            many[i] = one[i % one.length];
        }
        TlsRecords records = new TlsRecords(chunks);
        ByteBuffer first = chunks.take(one.length);
        records.add(first.put(one).flip());
        assertFalse(records.more());
        ByteBuffer rest = chunks.take(many.length);
        records.add(rest.put(many).flip());
        assertTrue(records.more());
        assertEquals(one.length + many.length, records.next().remaining());
        assertFalse(records.more());
        records.drop();
    }
}
