package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.operation.ChannelWriteTransfer;
import io.github.futuresockets.impl.transport.Transport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Tests the flush of the write side, over a transport that the test drives. */
class WriteSideTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private ScriptedHost host = ScriptedHost.make();

    private ScriptedTransport transport() {
        return host.transport;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Write write(ByteBuffer source) {
        return host.writes().start(new Write(host.writes(), source));
    }

    private Write write(String text) {
        return write(bytes(text));
    }

    private static Throwable failure(CompletableFuture<?> future) {
        assertTrue(future.isCompletedExceptionally(), future::toString);
        try {
            future.join();
            throw new AssertionError("no failure");
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    @Test
    void start_roomIsThere_completesWithinCall() {
        ByteBuffer source = bytes("abc");
        write(source).join();
        assertEquals("abc", transport().written());
        assertEquals(1, transport().writes);
        assertEquals(0, transport().writeRequests);
        assertEquals(3, source.position());
    }

    @Test
    void start_noRoom_waitsForSignalAndContinues() {
        transport().room = 2;
        ByteBuffer source = bytes("abcde");
        Write write = write(source);
        assertFalse(write.isDone());
        assertEquals(0, source.position());
        assertEquals(1, transport().writeRequests);
        transport().room = 100;
        transport().writable();
        write.join();
        assertEquals("abcde", transport().written());
        assertEquals(5, source.position());
    }

    @Test
    void writable_withoutRoom_requestsAgain() {
        transport().room = 0;
        Write write = write("abc");
        transport().writable();
        assertFalse(write.isDone());
        assertEquals(1, transport().writeRequests);
        assertEquals("", transport().written());
    }

    @Test
    void writable_withoutFlush_hasNoEffect() {
        transport().writable();
        assertEquals(0, transport().writes);
    }

    @Test
    void start_whileFlushWaits_isGatheredIntoOneCall() {
        transport().room = 0;
        Write first = write("a");
        Write second = write("b");
        Write third = write("c");
        assertEquals(1, transport().writes, "one flush at a time");
        transport().room = 100;
        transport().writable();
        assertEquals("abc", transport().written());
        assertEquals(3, transport().writes, "the waiting buffer, and the two others together");
        assertTrue(first.isDone() && second.isDone() && third.isDone());
    }

    @Test
    void start_withinWriteOfOtherThread_isSentByThatThread() {
        Write[] second = new Write[1];
        transport().duringWrite = () -> {
            transport().duringWrite = () -> {};
            second[0] = write("b");
            assertFalse(second[0].isDone());
        };
        write("a").join();
        second[0].join();
        assertEquals("ab", transport().written());
    }

    @Test
    void cancel_beforeFirstByte_removesTheWrite() {
        transport().room = 0;
        write("a");
        ByteBuffer source = bytes("bb");
        Write second = write(source);
        assertTrue(second.cancel(false));
        transport().room = 100;
        transport().writable();
        assertEquals("a", transport().written());
        assertEquals(0, source.position());
    }

    @Test
    void cancel_afterFirstByte_sendsTheRestFromCopy() {
        byte[] content = new byte[100_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) ('a' + i % 26);
        }
        String expected = new String(content, StandardCharsets.ISO_8859_1);
        transport().room = 10;
        ByteBuffer source = ByteBuffer.wrap(content);
        Write write = write(source);
        assertTrue(write.cancel(false));
        assertEquals(0, source.position());
        java.util.Arrays.fill(content, (byte) '!');
        transport().room = Integer.MAX_VALUE;
        transport().writable();
        assertEquals(expected, transport().written());
    }

    @Test
    void cancel_afterFirstByteWithTooLongRest_abortsTheConnection() {
        host = ScriptedHost.make(Duration.ZERO, Duration.ZERO, Duration.ZERO, 70_000, null);
        transport().room = 10;
        Write write = write(ByteBuffer.allocate(200_000));
        assertTrue(write.cancel(false));
        host.loop.runAll();
        assertEquals(CloseReason.Kind.ABORTED, host.connection.closed().join().kind());
        assertTrue(transport().closedWithReset);
    }

    @Test
    void start_queueIsFull_failsTheWriteAndTheConnection() {
        host = ScriptedHost.make(Duration.ZERO, Duration.ZERO, Duration.ZERO, 100, null);
        transport().room = 0;
        Write first = write(ByteBuffer.allocate(100));
        Write second = write("b");
        assertTrue(failure(second).getMessage().contains("the peer is not reading"));
        assertTrue(failure(first) instanceof IOException);
        assertFalse(host.connection.isOpen());
    }

    @Test
    void failure_ofTheTransport_failsAllWrites() {
        transport().room = 0;
        Write first = write("a");
        Write second = write("b");
        transport().broken = new IOException("Broken pipe");
        transport().writable();
        assertTrue(failure(first).getMessage().contains("Broken pipe"));
        assertTrue(failure(second).getMessage().contains("Broken pipe"));
        assertTrue(failure(write("c")) instanceof ClosedChannelException);
    }

    @Test
    void failure_whileFlushWaits_sendsNothingMore() {
        transport().room = 0;
        Write write = write("a");
        host.connection.fail(CloseReason.Kind.FAILED, new IOException("elsewhere"));
        assertTrue(failure(write).getMessage().contains("elsewhere"));
        transport().room = 100;
        transport().writable();
        host.loop.runAll();
        assertEquals("", transport().written());
        assertEquals(1, transport().writes);
    }

    @Test
    void writable_afterFailureWithoutCause_leavesTheBufferToTheTransport() {
        transport().room = 0;
        transport().closesAtOnce = false;
        write("a");
        host.connection.abort();
        host.loop.runAll();
        ByteBuffer[] other = new ByteBuffer[1];
        host.loop.onLoop(() -> {
            transport().signal(Transport.Listener::writable);
            other[0] = host.loop.chunks().acquire(1);
        });
        assertNotSame(transport().offered, other[0], "the buffer of a transport that is not closed is used again");
        host.loop.onLoop(transport().closed);
        assertTrue(host.connection.closed().isDone());
        host.loop.onLoop(() -> other[0] = host.loop.chunks().acquire(1));
        assertSame(transport().offered, other[0], "the buffer goes to the pool after the close");
    }

    @Test
    void request_throws_failsTheWriteAndLeavesTheBufferToTheTransport() {
        transport().room = 0;
        transport().closesAtOnce = false;
        transport().duringWriteRequest = () -> {
            throw new OutOfMemoryError("no request");
        };
        host.loop.onLoop(() -> {
            Write write = write("a");
            assertTrue(failure(write).getMessage().contains("no request"));
            assertNotSame(transport().offered, host.loop.chunks().acquire(1));
        });
        host.loop.runAll();
        transport().closed.run();
        assertTrue(host.connection.closed().isDone());
    }

    @Test
    void start_loopRefusesTheFlush_failsTheConnectionAndReleases() {
        for (int i = 0; i < 32; i++) {
            write("a").join();
        }
        host.loop.refuses = true;
        Write write = write("b");
        assertTrue(failure(write).getMessage().contains("ended"));
        host.loop.refuses = false;
        host.loop.runAll();
        assertTrue(host.connection.closed().isDone(), "the flush has no owner");
    }

    @Test
    void shutdownOutput_isSentAfterTheWrites() {
        transport().room = 0;
        write("a");
        CompletableFuture<Void> end = host.writes().shutdownOutput();
        assertFalse(transport().outputEnded);
        assertTrue(failure(write("b")) instanceof ClosedChannelException);
        transport().room = 1;
        transport().writable();
        assertEquals("a", transport().written());
        assertFalse(end.isDone(), "no room for the end");
        transport().room = 1;
        transport().writable();
        assertTrue(transport().outputEnded);
        end.join();
    }

    @Test
    void close_whileFlushWaits_releasesWithoutSignal() {
        transport().room = 0;
        transport().closesAtOnce = false;
        write("a");
        host.connection.abort();
        host.loop.runAll();
        assertFalse(host.connection.closed().isDone());
        transport().closed.run();
        assertEquals(CloseReason.Kind.ABORTED, host.connection.closed().join().kind());
        assertEquals(0, host.registered.size());
        transport().writable();
        assertEquals(1, transport().writes, "a signal after the close has no effect");
    }

    @Test
    void close_withinWriteWithoutRoom_waitsForTheWritingThread() {
        transport().room = 0;
        transport().duringWrite = () -> {
            host.connection.abort();
            host.loop.runAll();
            // The transport has closed, and this thread still has its buffer.
            transport().closedWithReset = null;
            assertFalse(host.connection.closed().isDone());
        };
        write("a");
        assertEquals(CloseReason.Kind.ABORTED, host.connection.closed().join().kind());
    }

    @Test
    void close_afterWrites_sendsThemAndTheEnd() {
        transport().room = 0;
        Write write = write("a");
        host.connection.close();
        transport().room = 100;
        transport().writable();
        write.join();
        assertTrue(transport().outputEnded);
        transport().end().readable();
        host.loop.runAll();
        assertEquals(CloseReason.Kind.CLOSED, host.connection.closed().join().kind());
        assertFalse(transport().closedWithReset);
    }

    @Test
    void changedBuffer_isRefusedAndEndsTheConnection() {
        transport().room = 0;
        write("a");
        ByteBuffer source = bytes("bc");
        Write write = write(source);
        source.position(1);
        transport().room = 100;
        transport().writable();
        assertTrue(failure(write).getMessage().contains("the buffer was changed"));
        assertFalse(host.connection.isOpen());
    }

    @Test
    void writable_followsTheMarks() {
        assertTrue(host.writes().writable().isDone());
        transport().room = 0;
        write(ByteBuffer.allocate(64 << 10));
        CompletableFuture<Void> room = host.writes().writable();
        assertFalse(room.isDone());
        transport().room = (32 << 10) - 1;
        transport().writable();
        assertFalse(room.isDone(), "above the low-water mark");
        transport().room = 1;
        transport().writable();
        assertTrue(room.isDone());
    }

    @Test
    void writeTimeout_withoutProgress_failsTheConnection() {
        host = ScriptedHost.make(Duration.ZERO, LIMIT, Duration.ZERO, 1 << 20, null);
        transport().room = 0;
        Write write = write("abc");
        host.advance(LIMIT.minusNanos(1));
        transport().room = 1;
        transport().writable();
        host.advance(LIMIT.minusNanos(1));
        assertFalse(write.isDone(), "a byte has left");
        host.advance(Duration.ofNanos(1));
        assertTrue(failure(write) instanceof SocketTimeoutException);
        assertNotNull(host.connection.closed());
    }

    @Test
    void sent_bytesOfRecords_countAsProgress() {
        host = ScriptedHost.make(Duration.ZERO, LIMIT, Duration.ZERO, 1 << 20, null);
        transport().room = 0;
        Write write = write("abc");
        host.advance(LIMIT.minusNanos(1));
        transport().signal(listener -> listener.sent());
        host.advance(LIMIT.minusNanos(1));
        assertFalse(write.isDone());
    }

    @Test
    void shutdownOutput_theTransportThrows_failsAndReleases() {
        transport().duringEnd = () -> {
            throw new OutOfMemoryError("no record");
        };
        assertTrue(failure(host.writes().shutdownOutput()).getMessage().contains("no record"));
        host.loop.runAll();
        assertTrue(host.connection.closed().isDone());
    }

    @Test
    void close_whileTheEndWaitsForRoom_sendsTheEndOnce() {
        transport().room = 0;
        CompletableFuture<Void> end = host.writes().shutdownOutput();
        host.connection.close();
        int[] ends = new int[1];
        transport().duringEnd = () -> ends[0]++;
        transport().room = 1;
        transport().writable();
        end.join();
        transport().end().readable();
        host.loop.runAll();
        assertEquals(1, ends[0]);
        assertEquals(CloseReason.Kind.CLOSED, host.connection.closed().join().kind());
    }

    @Test
    void cancel_whileTheTransportHasTheBuffer_sendsTheStagedBytes() {
        transport().room = 0;
        byte[] content = {'a', 'b'};
        Write write = write(ByteBuffer.wrap(content));
        assertTrue(write.cancel(false));
        content[0] = '!';
        Write next = write("c");
        transport().room = 100;
        transport().writable();
        next.join();
        assertEquals("abc", transport().written());
    }

    @Test
    void lentBuffer_noRoom_isSentFromCopyAfterwards() {
        transport().direct = true;
        transport().room = 0;
        ByteBuffer source = ByteBuffer.allocateDirect(20_000);
        Write write = write(source);
        assertNotSame(source, transport().offered);
        assertTrue(write.cancel(false));
        source.put(0, (byte) 1);
        transport().room = Integer.MAX_VALUE;
        transport().writable();
        assertEquals("\0".repeat(20_000), transport().written());
    }

    /** A write that offloads its flush to the test. */
    private static final class Offloaded extends OffloadedWrite {
        Offloaded(WriteSide side) {
            super(side, true);
        }

        @Override
        public String name() {
            return "offloaded";
        }

        @Override
        protected int act() {
            return offload() ? OFFLOADED : 0;
        }
    }

    private Offloaded offloaded() {
        Offloaded write = new Offloaded(host.writes());
        host.writes().start(write);
        assertTrue(write.isLent());
        return write;
    }

    @Test
    void cancel_ofOffloadedWrite_passesTheFlushToTheCanceller() {
        Offloaded write = offloaded();
        Write next = write("a");
        assertFalse(next.isDone());
        assertTrue(write.cancel(false));
        next.join();
        assertFalse(write.resume(), "the offload was revoked");
        assertFalse(write.resume(bytes("late")));
        assertEquals("a", transport().written());
    }

    @Test
    void cancel_withinCommit_abortsAfterTheCommit() {
        Offloaded write = offloaded();
        assertTrue(write.beginCommit());
        assertTrue(write.cancel(false));
        host.loop.runAll();
        assertNull(transport().closedWithReset, "the close waits for the commit");
        write.commit(false).run();
        assertTrue(transport().closedWithReset);
        host.writes().resumed(0);
        assertTrue(host.connection.closed().isDone());
    }

    @Test
    void cancel_afterBytesOfOffloadedWrite_abortsTheConnection() {
        Offloaded write = offloaded();
        host.loop.onLoop(() -> {
            ByteBuffer chunk = host.loop.chunks().acquire(1).put((byte) 'x').flip();
            assertTrue(write.resume(chunk));
            host.writes().resumed(0);
        });
        assertEquals("x", transport().written());
        assertTrue(write.cancel(false));
        host.loop.runAll();
        assertFalse(host.connection.isOpen());
    }

    /** A forwarding write with the arguments of its end. */
    private static final class Forwarding extends ForwardingWrite {
        boolean ended;
        Throwable failure;
        ByteBuffer untaken;

        Forwarding(WriteSide side) {
            super(side);
        }

        @Override
        protected void ended(Throwable failure, ByteBuffer untaken) {
            this.ended = true;
            this.failure = failure;
            this.untaken = untaken;
        }
    }

    private Forwarding forward(ByteBuffer chunk) {
        Forwarding write = new Forwarding(host.writes());
        write.reuse(chunk);
        host.writes().start(write);
        return write;
    }

    @Test
    void forwardedBuffer_isSentWithoutCopyAndReused() {
        ByteBuffer chunk = ByteBuffer.allocateDirect(3);
        Forwarding write = forward(chunk);
        assertSame(chunk, transport().offered);
        assertTrue(write.ended);
        assertNull(write.failure);
        write.reuse(bytes("abc"));
        host.writes().start(write);
        assertEquals("\0\0\0abc", transport().written());
    }

    @Test
    void forwardedBuffer_refusedByTheKernel_returnsTheRest() {
        transport().room = 1;
        ByteBuffer chunk = ByteBuffer.allocateDirect(3);
        Forwarding write = forward(chunk);
        assertFalse(write.ended);
        transport().broken = new IOException("Broken pipe");
        transport().writable();
        assertSame(chunk, write.untaken);
        assertEquals(1, chunk.position());
    }

    @Test
    void forwardedBuffer_abortWhileTheTransportHasIt_isNotReturned() {
        transport().room = 0;
        Forwarding write = forward(ByteBuffer.allocateDirect(3));
        host.connection.abort();
        assertTrue(write.ended);
        assertNotNull(write.failure);
        assertNull(write.untaken);
    }

    @Test
    void offload_withdrawnAndRefused_leavesTheFlushToTheWithdrawingThread() {
        ChannelWriteTransfer transfer = new ChannelWriteTransfer(
                host.writes(), Channels.newChannel(new ByteArrayInputStream(new byte[1])), 1, moved -> {});
        Write[] next = new Write[1];
        transport().room = 0;
        host.duringFiles = () -> {
            next[0] = write("b");
            assertTrue(transfer.cancel(false));
        };
        host.writes().start(transfer);
        assertEquals(1, transport().writeRequests, "the flush waits");
        transport().room = 1;
        transport().writable();
        assertTrue(host.connection.isOpen());
        next[0].join();
        assertEquals("b", transport().written());
    }

    @Test
    void failure_messageOfWriteThrows_failsAllWrites() {
        transport().room = 0;
        Write first = new Write(host.writes(), bytes("a")) {
            @Override
            protected String rest() {
                throw new InternalError("message");
            }
        };
        host.writes().start(first);
        Write second = write("b");
        host.connection.abort();
        assertTrue(failure(first) instanceof IOException);
        assertTrue(failure(second) instanceof IOException);
    }

    @Test
    void writable_messageOfRefusalThrows_failsAllWaiters() {
        host = ScriptedHost.make();
        transport().room = 0;
        write(ByteBuffer.allocate(64 << 10));
        CompletableFuture<Void> first = host.writes().writable();
        CompletableFuture<Void> second = host.writes().writable();
        transport().duringAddress = () -> {
            throw new InternalError("message");
        };
        host.connection.abort();
        assertTrue(first.isCompletedExceptionally());
        assertTrue(second.isCompletedExceptionally());
    }
}
