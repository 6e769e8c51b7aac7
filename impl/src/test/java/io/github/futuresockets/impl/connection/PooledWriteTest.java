package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the ends of a write of a pooled buffer. Each end must release the buffer exactly once. */
class PooledWriteTest {
    private static final String LONG = "l".repeat(2_000);

    private ScriptedHost host = ScriptedHost.make();

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Write make(String text) {
        return PooledWrite.of(
                host.writes(), host.loop.chunks().acquire(1).put(bytes(text)).flip());
    }

    private Write write(String text) {
        return host.writes().start(make(text));
    }

    private Write plain(String text) {
        return host.writes().start(new Write(host.writes(), bytes(text)));
    }

    private void roomFor(int bytes) {
        host.transport.room = bytes;
        host.transport.writable();
    }

    private String written() {
        return host.transport.written();
    }

    @AfterEach
    void release() {
        host.connection.abort();
        host.loop.runAll();
        host.loop.assertBuffersReleasedOnce();
    }

    @Test
    void write_roomIsThere_isDone() {
        write("ab").join();
        write(LONG).join();
        assertEquals("ab" + LONG, written());
    }

    @Test
    void write_littleRoom_goesOn() {
        host.transport.room = 3;
        Write write = write(LONG);
        assertFalse(write.isDone());
        roomFor(500);
        roomFor(5_000);
        write.join();
        assertEquals(LONG, written());
    }

    @Test
    void write_amongOthers_keepsTheOrder() {
        host.transport.room = 0;
        plain("a");
        write(LONG);
        plain("b");
        write("c");
        Write last = write(LONG);
        roomFor(10_000);
        last.join();
        assertEquals("a" + LONG + "bc" + LONG, written());
    }

    @Test
    void write_sparseWhileOthersWait_isACopy() {
        Write pooled = make("ab");
        assertTrue(pooled instanceof PooledWrite);
        host.writes().start(pooled);
        host.transport.room = 0;
        plain("a");
        assertFalse(make("ab") instanceof PooledWrite);
        write("ab");
        roomFor(10);
        assertEquals("abaab", written());
    }

    @Test
    void write_nothing_isDone() {
        write("").join();
        host.transport.room = 0;
        plain("a");
        assertFalse(write("").isDone());
    }

    @Test
    void write_closed_fails() {
        host.connection.close();
        assertTrue(write(LONG).isCompletedExceptionally());
    }

    @Test
    void write_queueIsFull_fails() {
        host = ScriptedHost.make(Duration.ZERO, Duration.ZERO, Duration.ZERO, 10, null);
        host.transport.room = 0;
        Write first = write(LONG);
        assertTrue(write(LONG).isCompletedExceptionally());
        assertTrue(first.isCompletedExceptionally());
    }

    @Test
    void write_loopRefusesTheFlush_fails() {
        for (int i = 0; i < InlineBudget.LIMIT; i++) {
            plain("a");
        }
        host.loop.refuses = true;
        assertTrue(write(LONG).isCompletedExceptionally());
        host.loop.refuses = false;
    }

    @Test
    void cancel_beforeTheFirstByte_removesTheWrite() {
        host.transport.room = 0;
        plain("a");
        Write write = write(LONG);
        assertTrue(write.cancel(false));
        assertFalse(write.cancel(false) && !write.isCancelled());
        roomFor(10_000);
        assertEquals("a", written());
    }

    @Test
    void cancel_afterTheFirstByte_sendsTheRest() {
        host.transport.room = 3;
        Write write = write(LONG);
        assertTrue(write.cancel(false));
        write(LONG);
        roomFor(10_000);
        assertEquals(LONG + LONG, written());
    }

    @Test
    void cancel_afterTheFirstByteThenAbort_releases() {
        host.transport.room = 3;
        assertTrue(write(LONG).cancel(false));
        host.connection.abort();
        assertEquals("lll", written());
    }

    @Test
    void cancel_afterTheFirstByteThenFailure_releases() {
        host.transport.room = 3;
        assertTrue(write(LONG).cancel(false));
        host.transport.broken = new IOException("reset");
        roomFor(10);
        assertEquals("lll", written());
    }

    @Test
    void abort_whileOthersWait_failsAll() {
        host.transport.room = 3;
        Write first = write(LONG);
        Write second = write(LONG);
        host.connection.abort();
        assertTrue(first.isCompletedExceptionally());
        assertTrue(second.isCompletedExceptionally());
    }

    @Test
    void abort_withinTheWriteOfTheTransport_releasesAfterTheCall() {
        ByteBuffer[] other = new ByteBuffer[1];
        host.transport.duringWrite = () -> {
            host.transport.duringWrite = () -> {};
            host.connection.abort();
            other[0] = host.loop.chunks().acquire(1);
            assertTrue(other[0] != host.transport.offered, "the transport still has the buffer");
        };
        assertTrue(write(LONG).isCompletedExceptionally());
        host.loop.chunks().release(other[0]);
    }

    @Test
    void abort_closeIsPending_leavesTheBufferToTheTransport() {
        host.transport.room = 3;
        host.transport.closesAtOnce = false;
        write(LONG);
        host.connection.abort();
        ByteBuffer other = host.loop.chunks().acquire(1);
        assertTrue(other != host.transport.offered, "the transport still has the buffer");
        host.loop.chunks().release(other);
        host.loop.runAll();
        host.transport.closed.run();
    }

    @Test
    void flush_fails_failsAll() {
        host.transport.room = 0;
        Write first = write(LONG);
        Write second = write(LONG);
        host.transport.broken = new IOException("reset");
        roomFor(10);
        assertTrue(first.isCompletedExceptionally());
        assertTrue(second.isCompletedExceptionally());
    }

    @Test
    void flush_failsAtOnce_fails() {
        host.transport.broken = new IOException("reset");
        assertTrue(write(LONG).isCompletedExceptionally());
    }

    @Test
    void stats_waitingBytes_areCountedOnce() {
        host.transport.room = 500;
        write(LONG);
        write(LONG);
        assertEquals(3_500, host.writes().state().stats(0, 0).pendingWriteBytes());
        roomFor(10_000);
        assertEquals(0, host.writes().state().stats(0, 0).pendingWriteBytes());
        assertEquals(4_000, host.writes().state().stats(0, 0).bytesOut());
    }

    @Test
    void of_heapBuffer_isAPlainWrite() {
        Write write = PooledWrite.of(host.writes(), bytes("ab"));
        assertFalse(write instanceof PooledWrite);
        host.writes().start(write).join();
        assertEquals("ab", written());
    }
}
