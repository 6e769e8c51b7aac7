package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.WritePendingException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests of reads and writes against the documentation of NIO.2, with buffers, time-outs and the end of stream. */
abstract class TransferSpecification extends ProviderFixture {

    @Test
    void read_fillsBufferFromPositionToLimit() throws Exception {
        AsynchronousSocketChannel channel = connect();
        for (ByteBuffer whole : new ByteBuffer[] {ByteBuffer.allocate(10), ByteBuffer.allocateDirect(10)}) {
            ByteBuffer buffer = whole.position(1).limit(9).slice().position(2).limit(5);
            Future<Integer> read = channel.read(buffer);
            peer.write(bytes(1, 2, 3));
            int count = get(read);
            while (buffer.hasRemaining()) {
                count += get(channel.read(buffer));
            }
            assertEquals(3, count);
            assertEquals(5, buffer.limit());
            assertEquals(bytes(0, 0, 0, 1, 2, 3, 0, 0, 0, 0), whole.clear());
        }
    }

    @Test
    void write_sendsBufferFromPositionToLimit() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ByteBuffer heap = bytes(9, 1, 2, 9).position(1).limit(3);
        ByteBuffer direct =
                ByteBuffer.allocateDirect(4).put(bytes(9, 3, 4, 9)).position(1).limit(3);
        assertEquals(2, get(channel.write(heap.asReadOnlyBuffer())));
        assertEquals(2, get(channel.write(direct)));
        ByteBuffer got = ByteBuffer.allocate(4);
        while (got.hasRemaining()) {
            peer.read(got);
        }
        assertEquals(bytes(1, 2, 3, 4), got.flip());
        assertEquals(3, direct.position());
        assertEquals(3, direct.limit());
    }

    @Test
    void gatheringWrite_moreBuffersThanSystemLimit_writesPart() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ByteBuffer[] many = new ByteBuffer[3_000];
        Arrays.setAll(many, i -> bytes(i & 127));
        int written = 0;
        while (written < many.length) {
            Outcome<Long> write = new Outcome<>();
            channel.write(many, written, many.length - written, 0, TimeUnit.SECONDS, null, write);
            written += (int) (long) write.value();
        }
        ByteBuffer got = ByteBuffer.allocate(many.length);
        while (got.hasRemaining()) {
            peer.read(got);
        }
        for (int i = 0; i < many.length; i++) {
            assertEquals(i & 127, got.get(i));
        }
    }

    @Test
    void write_largeBuffer_arrivesWhole() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ByteBuffer large = ByteBuffer.allocate(5 << 20);
        for (int i = 0; i < large.capacity(); i++) {
            large.put(i, (byte) (i >> 10 ^ i));
        }
        Outcome<Integer> done = new Outcome<>() {
            @Override
            public void completed(Integer count, Object attachment) {
                if (large.hasRemaining()) {
                    channel.write(large, null, this);
                } else {
                    super.completed(count, attachment);
                }
            }
        };
        channel.write(large, null, done);
        ByteBuffer got = ByteBuffer.allocate(large.capacity());
        while (got.hasRemaining()) {
            peer.read(got);
        }
        done.value();
        assertEquals(large.rewind(), got.flip());
    }

    @Test
    void gatheringWrite_emptyBuffer_completesAtOnce() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Outcome<Long> write = new Outcome<>();
        channel.write(new ByteBuffer[] {ByteBuffer.allocate(0)}, 0, 1, 0, TimeUnit.SECONDS, null, write);
        assertEquals(0L, write.value());
    }

    @Test
    void scatteringRead_endOfStream_givesMinusOne() throws Exception {
        AsynchronousSocketChannel channel = connect();
        peer.close();
        Outcome<Long> read = new Outcome<>();
        channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)}, 0, 1, 0, TimeUnit.SECONDS, null, read);
        assertEquals(-1L, read.value());
    }

    @Test
    void read_inTime_doesNotTimeOutNextRead() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Outcome<Integer> first = new Outcome<>();
        channel.read(ByteBuffer.allocate(1), 50, TimeUnit.MILLISECONDS, null, first);
        peer.write(bytes(1));
        first.value();
        Outcome<Integer> second = new Outcome<>();
        channel.read(ByteBuffer.allocate(1), null, second);
        assertThrows(java.util.concurrent.TimeoutException.class, () -> second.value(150));
        peer.write(bytes(2));
        assertEquals(1, second.value());
    }

    @Test
    void write_timedOut_fails() throws Exception {
        AsynchronousSocketChannel channel = connect();
        fill(channel).cancel(false);
        AsynchronousSocketChannel other = provider.openAsynchronousSocketChannel(group);
        Future<AsynchronousSocketChannel> accept = listener.accept();
        get(other.connect(listener.getLocalAddress()));
        get(accept);
        fillByHandlers(other);
    }

    /** Writes until a write times out, and checks the failure of the write. */
    private static void fillByHandlers(AsynchronousSocketChannel channel) throws Exception {
        while (true) {
            Outcome<Integer> write = new Outcome<>();
            channel.write(ByteBuffer.allocate(1 << 20), 100, TimeUnit.MILLISECONDS, null, write);
            if (!write.isSuccess()) {
                assertInstanceOf(InterruptedByTimeoutException.class, write.failure());
                assertTrue(channel.isOpen());
                return;
            }
        }
    }

    @Test
    void reset_failsPendingReadAndLaterWrites() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Future<Integer> read = channel.read(ByteBuffer.allocate(1));
        peer.setOption(StandardSocketOptions.SO_LINGER, 0);
        peer.close();
        assertInstanceOf(IOException.class, failureOf(read));
        assertInstanceOf(IOException.class, failureOf(channel.write(bytes(1))));
        assertTrue(channel.isOpen());
    }

    @Test
    void close_pendingWrite_fails() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Future<Integer> write = fill(channel);
        assertThrows(WritePendingException.class, () -> channel.write(bytes(1)));
        channel.close();
        assertInstanceOf(AsynchronousCloseException.class, failureOf(write));
    }

    @Test
    void shutdownAndClose_repeated_areAllowed() throws Exception {
        AsynchronousSocketChannel channel = connect();
        channel.shutdownInput().shutdownInput();
        channel.shutdownOutput().shutdownOutput();
        channel.close();
        channel.close();
        assertFalse(channel.isOpen());
        assertThrows(java.nio.channels.ClosedChannelException.class, channel::shutdownInput);
        assertThrows(java.nio.channels.ClosedChannelException.class, channel::shutdownOutput);
    }

    @Test
    void read_startingThreadEnded_completes() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Outcome<Integer> read = new Outcome<>();
        Thread brief = new Thread(() -> channel.read(ByteBuffer.allocate(1), null, read));
        brief.start();
        brief.join();
        peer.write(bytes(1));
        assertEquals(1, read.value());
    }

    @Test
    void readsAndWrites_ofTwoThreads_runConcurrently() throws Exception {
        AsynchronousSocketChannel channel = connect();
        int total = 4 << 20;
        CountDownLatch done = new CountDownLatch(2);
        Thread echo = new Thread(() -> {
            ByteBuffer some = ByteBuffer.allocate(50_000);
            try {
                for (int count = 0; count < total; some.clear()) {
                    count += peer.read(some);
                    some.flip();
                    while (some.hasRemaining()) {
                        peer.write(some);
                    }
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        echo.start();
        Thread writer = new Thread(() -> move(total, () -> channel.write(ByteBuffer.allocate(30_000)), done));
        Thread reader = new Thread(() -> move(total, () -> channel.read(ByteBuffer.allocate(20_000)), done));
        writer.start();
        reader.start();
        assertTrue(done.await(PATIENCE, TimeUnit.SECONDS));
        peer.close();
    }

    private interface Step {
        Future<Integer> take();
    }

    /** Takes steps until {@code total} bytes are transferred. */
    private static void move(int total, Step step, CountDownLatch done) {
        try {
            for (int count = 0; count < total; ) {
                count += get(step.take());
            }
            done.countDown();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void timeout_ofReadDoneAtOnce_doesNotEndNextRead() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Outcome<Integer> next = new Outcome<>();
        Outcome<Integer> first = new Outcome<>() {
            @Override
            public void completed(Integer value, Object attachment) {
                channel.read(ByteBuffer.allocate(1), null, next);
                super.completed(value, attachment);
            }
        };
        ((java.util.concurrent.Executor) group)
                .execute(() -> channel.read(ByteBuffer.allocate(0), 50, TimeUnit.MILLISECONDS, null, first));
        first.value();
        assertThrows(java.util.concurrent.TimeoutException.class, () -> next.value(150));
        peer.write(bytes(1));
        assertEquals(1, next.value());
    }
}
