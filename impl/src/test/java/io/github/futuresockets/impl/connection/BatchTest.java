package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the gathering of bytes. After each test, each pooled buffer must have been released exactly once. */
class BatchTest {
    private ScriptedHost host = ScriptedHost.make();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<Object> outcomes = new ArrayList<>();
    private Batch batch = batch();

    private Batch batch() {
        return new Batch(host.writes(), failures::add);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void gather(String text) {
        batch.chunk(text.length()).put(bytes(text));
    }

    private Write write(String text) {
        return host.writes().start(new Write(host.writes(), bytes(text)));
    }

    private void roomFor(int bytes) {
        host.transport.room = bytes;
        host.transport.writable();
    }

    private String written() {
        return host.transport.written();
    }

    private void noteWhenSent() {
        batch.whenSent(failure -> outcomes.add(failure == null ? "sent" : failure));
    }

    private static void onAnotherThread(Runnable action) {
        Thread thread = new Thread(action);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void release() {
        host.connection.abort();
        host.loop.runAll();
        batch.submit();
        host.loop.assertBuffersReleasedOnce();
    }

    @Test
    void submit_severalGathered_isASingleWrite() {
        gather("ab");
        gather("cd");
        assertEquals("", written());
        batch.submit();
        assertEquals("abcd", written());
        assertEquals(1, host.transport.writes);
        batch.submit();
        assertEquals(1, host.transport.writes);
    }

    @Test
    void submit_again_usesAFreshBuffer() {
        for (String text : List.of("ab", "c", "def")) {
            gather(text);
            batch.submit();
        }
        assertEquals("abcdef", written());
        assertEquals(List.of(), failures);
    }

    @Test
    void submit_nothingGatheredIntoTheChunk_writesNothing() {
        batch.chunk();
        batch.submit();
        assertEquals(0, host.transport.writes);
        noteWhenSent();
        assertEquals(List.of("sent"), outcomes);
    }

    @Test
    void write_ofTheSameThread_comesBehind() {
        gather("ab");
        write("cd").join();
        gather("ef");
        batch.submit();
        assertEquals("abcdef", written());
    }

    @Test
    void write_ofAnotherThread_leavesTheGatheredBytes() {
        gather("cd");
        onAnotherThread(() -> write("ab"));
        assertEquals("ab", written());
        batch.submit();
        assertEquals("abcd", written());
    }

    @Test
    void write_whileLent_leavesTheChunkToTheBorrower() {
        gather("cd");
        ByteBuffer lent = batch.lend();
        write("ab");
        lent.put(bytes("ef"));
        batch.takeBack();
        assertEquals("ab", written());
        write("gh");
        assertEquals("abcdefgh", written());
    }

    @Test
    void shutdownOutput_ofTheSameThread_comesBehind() {
        gather("ab");
        host.writes().shutdownOutput();
        assertEquals("ab", written());
        assertTrue(host.transport.outputEnded);
        assertEquals(List.of(), failures);
    }

    @Test
    void close_ofTheSameThread_comesBehind() {
        gather("ab");
        host.connection.close();
        assertEquals("ab", written());
        assertEquals(List.of(), failures);
    }

    @Test
    void barrier_ofTheSameThread_comesBehind() {
        gather("ab");
        List<String> reached = new ArrayList<>();
        new Barrier(host.writes(), "upgrade", () -> reached.add(written()), failures::add).start();
        assertEquals(List.of("ab"), reached);
        assertEquals(List.of(), failures);
    }

    @Test
    void batches_ofTwoOwnersOnAThread_keepTheOrder() {
        Batch other = new Batch(host.writes(), failures::add);
        gather("ab");
        other.chunk().put(bytes("cd"));
        gather("ef");
        other.chunk().put(bytes("gh"));
        batch.submit();
        other.submit();
        assertEquals("abcdefgh", written());
        assertEquals(List.of(), failures);
    }

    @Test
    void submit_leavesTheBytesOfAnotherBatchKnown() {
        Batch other = new Batch(host.writes(), failures::add);
        batch.chunk();
        other.chunk().put(bytes("ab"));
        batch.submit();
        write("cd");
        assertEquals("abcd", written());
    }

    @Test
    void chunk_growing_keepsTheBytes() {
        gather("a".repeat(4_000));
        gather("b".repeat(10_000));
        assertEquals(0, host.transport.writes);
        batch.submit();
        assertEquals("a".repeat(4_000) + "b".repeat(10_000), written());
    }

    @Test
    void chunk_fits_isNotReplaced() {
        ByteBuffer first = batch.chunk(4_000);
        assertSame(first, batch.chunk(4_096));
        first.put(bytes("a"));
        assertSame(first, batch.chunk(4_095));
        assertNotSame(first, batch.chunk(4_096));
    }

    @Test
    void chunk_full_isQueuedBefore() {
        gather("a".repeat(60_000));
        assertTrue(batch.isBelowHighWater());
        gather("b".repeat(BufferPool.LARGE));
        assertEquals(60_000, written().length());
        assertFalse(batch.isBelowHighWater());
        assertEquals(60_000 + BufferPool.LARGE, written().length());
    }

    @Test
    void isBelowHighWater_bytesWereQueued_isFalseOnce() {
        gather("a");
        batch.submit();
        assertFalse(batch.isBelowHighWater());
        assertTrue(batch.isBelowHighWater());
    }

    @Test
    void isBelowHighWater_queuedAndGatheredBytes_countTogether() {
        host.transport.room = 0;
        gather("a".repeat(40_000));
        batch.submit();
        assertFalse(batch.isBelowHighWater());
        gather("b".repeat(25_535));
        assertTrue(batch.isBelowHighWater());
        gather("c");
        assertFalse(batch.isBelowHighWater());
    }

    @Test
    void chunk_dependentOfAWriteGathers_makesRoomAgain() {
        gather("a".repeat(4_000));
        host.transport.duringWrite = () -> {
            host.transport.duringWrite = () -> {};
            gather("b".repeat(5_000));
        };
        gather("c".repeat(62_000));
        batch.submit();
        assertEquals("a".repeat(4_000) + "b".repeat(5_000) + "c".repeat(62_000), written());
    }

    @Test
    void submit_whileThePeerIsSlow_copiesASparseChunk() {
        host.transport.room = 0;
        write("first");
        gather("ab");
        batch.submit();
        gather("c".repeat(1_024));
        batch.submit();
        gather("d".repeat(1_025));
        batch.submit();
        long heap = host.writes().state().stats(0, 0).pendingWriteBytes();
        assertEquals(5 + 2 + 1_024 + 1_025, heap);
        roomFor(10_000);
        assertEquals("firstab" + "c".repeat(1_024) + "d".repeat(1_025), written());
        assertEquals(List.of(), failures);
    }

    @Test
    void exact_sparseChunk_isCopiedOnlyWhileBytesWait() {
        ByteBuffer idle = host.loop.chunks().acquire(1).put(bytes("ab")).flip();
        assertSame(idle, Batch.exact(host.writes(), idle));
        host.transport.room = 0;
        write("first");
        ByteBuffer copy = Batch.exact(host.writes(), idle);
        assertFalse(copy.isDirect());
        assertEquals(bytes("ab"), copy);
        assertEquals(2, copy.capacity());
        ByteBuffer quarter = host.loop.chunks().acquire(1).put(new byte[1_024]).flip();
        assertNotSame(quarter, Batch.exact(host.writes(), quarter));
        ByteBuffer filled = host.loop.chunks().acquire(1).put(new byte[1_025]).flip();
        assertSame(filled, Batch.exact(host.writes(), filled));
        host.loop.chunks().release(filled);
    }

    @Test
    void submit_closed_failsOnceAndReleases() {
        host.connection.close();
        gather("ab");
        batch.submit();
        assertEquals(1, failures.size());
        assertTrue(failures.get(0) instanceof ClosedChannelException, failures.toString());
        noteWhenSent();
        assertEquals(failures, outcomes);
    }

    @Test
    void submit_queueIsFull_failsTheConnectionAndReleases() {
        host = ScriptedHost.make(Duration.ZERO, Duration.ZERO, Duration.ZERO, 10, null);
        batch = batch();
        host.transport.room = 0;
        gather("a".repeat(2_000));
        batch.submit();
        gather("b".repeat(2_000));
        batch.submit();
        assertEquals(2, failures.size());
        noteWhenSent();
        assertEquals(1, outcomes.size());
        assertEquals("", written());
    }

    @Test
    void abort_withGatheredAndQueuedBytes_failsEachOnce() {
        host.transport.room = 3;
        gather("a".repeat(2_000));
        batch.submit();
        gather("b".repeat(2_000));
        batch.submit();
        gather("c");
        noteWhenSent();
        assertEquals(List.of(), outcomes);
        host.connection.abort();
        assertEquals(2, failures.size());
        assertEquals(List.of(failures.get(0)), outcomes);
        batch.submit();
        assertEquals(3, failures.size());
        assertEquals("aaa", written());
    }

    @Test
    void flush_fails_failsAllOnceAndReleases() {
        host.transport.room = 0;
        gather("a".repeat(2_000));
        batch.submit();
        gather("b".repeat(2_000));
        batch.submit();
        noteWhenSent();
        host.transport.broken = new IOException("reset");
        roomFor(100);
        assertEquals(2, failures.size());
        assertEquals(List.of(failures.get(0)), outcomes);
    }

    @Test
    void flush_failsAtOnce_failsOnceAndReleases() {
        host.transport.broken = new IOException("reset");
        gather("ab");
        batch.submit();
        assertEquals(1, failures.size());
        assertTrue(failures.get(0).getMessage().contains("reset"), failures.toString());
    }

    @Test
    void flush_throwsAnError_failsOnceAndReleases() {
        host.transport.duringWrite = () -> {
            throw new StackOverflowError("thrown");
        };
        gather("ab");
        batch.submit();
        assertEquals(1, failures.size());
        noteWhenSent();
        assertEquals(1, outcomes.size());
    }

    @Test
    void send_whileEarlierBytesWait_usesAnotherWrite() {
        batch.send(bytes("a"));
        host.transport.room = 0;
        batch.send(bytes("b"));
        batch.send(bytes("c"));
        noteWhenSent();
        roomFor(10);
        assertEquals("abc", written());
        assertEquals(List.of("sent"), outcomes);
    }

    @Test
    void whenSent_severalWritesWait_runsOnceAfterTheLast() {
        host.transport.room = 0;
        gather("ab");
        batch.submit();
        batch.send(bytes("cd"));
        noteWhenSent();
        roomFor(2);
        assertEquals(List.of(), outcomes);
        roomFor(2);
        assertEquals(List.of("sent"), outcomes);
        batch.send(bytes("ef"));
        roomFor(2);
        assertEquals(List.of("sent"), outcomes);
        assertEquals("abcdef", written());
    }

    @Test
    void send_directBuffer_isCopied() {
        host.transport.room = 0;
        ByteBuffer mine = ByteBuffer.allocateDirect(3).put(bytes("abc")).flip();
        batch.send(mine);
        mine.clear().put(bytes("xyz"));
        roomFor(10);
        assertEquals("abc", written());
    }

    @Test
    void send_ofTheGatheringThread_comesBehind() {
        gather("ab");
        batch.send(bytes("cd"));
        assertEquals("abcd", written());
    }

    @Test
    void isCongested_manyBytesWait_untilThePeerReads() {
        host.transport.room = 0;
        gather("a".repeat(BufferPool.LARGE));
        batch.submit();
        assertTrue(batch.isCongested());
        roomFor(BufferPool.LARGE);
        assertFalse(batch.isCongested());
        host.writes().shutdownOutput();
        assertFalse(batch.isCongested());
    }
}
