package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.futuresockets.impl.transport.BufferPool;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Tests the buffer of the bytes that have arrived. */
class ReadBufferTest {
    private final ManualLoop loop = new ManualLoop();
    private final ReadBuffer buffer = new ReadBuffer(loop);

    private ByteBuffer pooled(String text) {
        return loop.chunks().acquire(text.length()).put(text.getBytes()).flip();
    }

    private String content() {
        return StandardCharsets.ISO_8859_1.decode(buffer.bytes().duplicate()).toString();
    }

    @Test
    void add_firstBuffer_isKeptWithoutCopy() {
        ByteBuffer chunk = pooled("ab");
        buffer.add(chunk, 100);
        assertSame(chunk, buffer.bytes());
        assertEquals(2, buffer.size());
    }

    @Test
    void add_secondBuffer_movesBothToTheHeapAndReleasesThePooled() {
        ByteBuffer first = pooled("ab");
        ByteBuffer second = pooled("cd");
        buffer.add(first, 100);
        buffer.add(second, 100);
        assertEquals("abcd", content());
        assertFalse(buffer.bytes().isDirect());
        assertSame(second, loop.chunks().acquire(1));
        assertSame(first, loop.chunks().acquire(1));
    }

    @Test
    void add_upToTheWantedNumber_growsToExactlyThisNumber() {
        buffer.add(pooled("abc"), 10);
        buffer.add(pooled("def"), 10);
        assertEquals(10, buffer.bytes().capacity());
        buffer.add(pooled("ghij"), 10);
        assertEquals("abcdefghij", content());
        assertEquals(10, buffer.bytes().capacity());
    }

    @Test
    void add_afterPartWasTaken_keepsTheRest() {
        buffer.add(pooled("abc"), 100);
        buffer.bytes().get();
        buffer.add(pooled("d"), 100);
        buffer.bytes().get();
        buffer.add(pooled("e"), 100);
        assertEquals("cde", content());
    }

    @Test
    void putBack_detachedBytes_comeFirst() {
        buffer.add(pooled("ab"), 100);
        ByteBuffer detached = buffer.detach();
        assertEquals(0, buffer.size());
        buffer.add(pooled("cd"), 100);
        detached.get();
        buffer.putBack(detached);
        assertEquals("bcd", content());
    }

    @Test
    void releaseIfEmpty_returnsThePooledBuffer() {
        ByteBuffer chunk = pooled("a");
        buffer.add(chunk, 100);
        buffer.releaseIfEmpty();
        assertSame(chunk, buffer.bytes());
        chunk.get();
        buffer.releaseIfEmpty();
        assertSame(chunk, loop.chunks().acquire(1));
    }

    @Test
    void marked_keepsTheNumberUntilTheNextMark() {
        buffer.add(pooled("ab"), 100);
        buffer.mark();
        buffer.bytes().get();
        assertEquals(2, buffer.marked());
        buffer.mark();
        assertEquals(1, buffer.marked());
    }

    @Test
    void plan_neverPrefetchesMoreThanTheLargestRead() {
        assertEquals(0, buffer.ask());
        buffer.plan(0, 0, false);
        assertEquals(1, buffer.ask());
        buffer.expect(500);
        buffer.expect(20);
        buffer.plan(20, BufferPool.LARGE, false);
        assertEquals(500, buffer.ask());
    }

    @Test
    void plan_largeMessage_stopsAtItsEnd() {
        int missing = BufferPool.LARGE - 1;
        buffer.expect(10 * BufferPool.LARGE);
        buffer.plan(missing, BufferPool.LARGE, false);
        assertEquals(missing, buffer.ask());
        buffer.plan(10, BufferPool.LARGE, false);
        assertEquals(BufferPool.LARGE, buffer.ask());
    }

    @Test
    void plan_allBytes_asksForLargeBuffers() {
        buffer.plan(0, 0, true);
        assertEquals(BufferPool.LARGE, buffer.ask());
    }
}
