package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.futuresockets.impl.support.ArenaMemory;
import io.github.futuresockets.impl.support.Seeds;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests of required behaviour that the channels of the JDK do not have, or not in every case. */
abstract class DefectSpecification extends ProviderFixture {
    /** Returns the number of rounds of a race between two threads. */
    abstract int rounds();

    private record Pair(AsynchronousSocketChannel near, AsynchronousSocketChannel far) {}

    private Pair pair() throws Exception {
        Future<AsynchronousSocketChannel> accept = listener.accept();
        AsynchronousSocketChannel far = provider.openAsynchronousSocketChannel(group);
        get(far.connect(listener.getLocalAddress()));
        return new Pair(get(accept), far);
    }

    /** A thread closes a channel with a pending read while other channels become ready. No event is lost. */
    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void close_byAnotherThread_losesNoEvents() throws Exception {
        Random random = Seeds.random("closes beside events");
        List<Pair> others = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            others.add(pair());
        }
        ExecutorService closer = Executors.newSingleThreadExecutor();
        try {
            Future<?> closed = closer.submit(() -> {});
            Pair victim = pair();
            for (int round = 0; round < rounds(); round++) {
                AsynchronousSocketChannel going = victim.near();
                going.read(ByteBuffer.allocate(1));
                List<Future<Integer>> reads = new ArrayList<>();
                for (Pair each : others) {
                    reads.add(each.near().read(ByteBuffer.allocate(1)));
                }
                int jitter = random.nextInt(2_000);
                victim.far().write(bytes(1));
                closed = closer.submit(() -> {
                    spin(jitter);
                    going.close();
                    return null;
                });
                for (Pair each : others) {
                    each.far().write(bytes(1));
                }
                for (Future<Integer> read : reads) {
                    assertEquals(1, awaitEvent(read, round));
                }
                closed.get(PATIENCE, TimeUnit.SECONDS);
                victim.far().close();
                victim = pair();
            }
        } finally {
            closer.shutdown();
        }
    }

    private static int awaitEvent(Future<Integer> read, int round) throws Exception {
        try {
            return read.get(4, TimeUnit.SECONDS);
        } catch (TimeoutException lost) {
            throw new AssertionError("an event got lost in round " + round, lost);
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    /** A read completes in time, at the moment when the read's timer runs. The timer does not end the next read. */
    @Test
    void timer_late_doesNotEndNextOperation() throws Exception {
        Random random = Seeds.random("late timers");
        AsynchronousSocketChannel channel = connect();
        for (int round = 0; round < rounds() / 4; round++) {
            if (!isInTime(channel, 960_000 + random.nextInt(80_000))) {
                channel.close();
                peer.close();
                peer = SocketChannel.open();
                channel = connect();
            }
        }
    }

    /** Runs a read with a time-out and a next read. Returns false if the first read has timed out. */
    private boolean isInTime(AsynchronousSocketChannel channel, int nanos) throws Exception {
        Outcome<Integer> next = new Outcome<>();
        Outcome<Integer> first = new Outcome<>() {
            @Override
            public void completed(Integer value, Object attachment) {
                channel.read(ByteBuffer.allocate(1), null, next);
                super.completed(value, attachment);
            }
        };
        channel.read(ByteBuffer.allocate(1), 1_000_000, TimeUnit.NANOSECONDS, null, first);
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        peer.write(bytes(1));
        if (!first.isSuccess()) {
            return false;
        }
        peer.write(bytes(2));
        assertTrue(next.isSuccess(), "ended by the timer of the one before");
        return true;
    }

    /** The initial size is a number of tasks, as {@link AsynchronousChannelGroup#withCachedThreadPool} specifies. */
    @Test
    void openGroup_initialSize_isHonoured() throws Exception {
        AtomicInteger submitted = new AtomicInteger();
        ThreadPoolExecutor cached =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>()) {
                    @Override
                    public void execute(Runnable task) {
                        submitted.incrementAndGet();
                        super.execute(task);
                    }
                };
        AsynchronousChannelGroup sized = provider.openAsynchronousChannelGroup(cached, 3);
        try {
            assertEquals(3, pollers(sized, submitted.get()));
        } finally {
            end(sized);
        }
    }

    /** Returns the number of polling threads of a group. The executor got {@code submitted} tasks. */
    abstract int pollers(AsynchronousChannelGroup of, int submitted);

    /** A failed operation releases the memory of its buffer, so the arena can be closed. */
    @Test
    void read_failed_releasesBufferMemory() throws Exception {
        AsynchronousSocketChannel channel = connect();
        peer.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
        assumeTrue(Runtime.version().feature() >= 22, "the JDK has no such memory");
        ArenaMemory memory = ArenaMemory.shared();
        Outcome<Integer> read = new Outcome<>();
        channel.read(memory.buffer(), null, read);
        peer.close();
        read.failure();
        assertDoesNotThrow(memory::close);
    }

    /** A handler throws a checked exception without declaring the exception. The only thread of the group goes on. */
    @Test
    void handler_throwsCheckedException_threadGoesOn() throws Exception {
        AtomicInteger threads = new AtomicInteger();
        AsynchronousChannelGroup one = provider.openAsynchronousChannelGroup(1, task -> {
            threads.incrementAndGet();
            Thread thread = new Thread(task);
            thread.setUncaughtExceptionHandler((where, what) -> {});
            return thread;
        });
        try {
            for (int i = 0; i < 2; i++) {
                Outcome<Void> connect = new Outcome<>() {
                    @Override
                    public void completed(Void value, Object attachment) {
                        super.completed(value, attachment);
                        DefectSpecification.<RuntimeException>sneak(new java.io.IOException("thrown on purpose"));
                    }
                };
                AsynchronousSocketChannel each = provider.openAsynchronousSocketChannel(one);
                each.connect(listener.getLocalAddress(), null, connect);
                assertTrue(connect.isSuccess(1_000), "a handler is not called any more");
                each.close();
            }
            assertEquals(1, threads.get());
        } finally {
            one.shutdownNow();
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    /** If the executor refuses the task that calls a handler, the handler is still called. */
    @Test
    void handler_executorRefuses_isCalledAnyway() throws Exception {
        AtomicBoolean refusing = new AtomicBoolean();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(4, 4, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
            @Override
            public void execute(Runnable task) {
                if (refusing.get()) {
                    throw new RejectedExecutionException("refused on purpose");
                }
                super.execute(task);
            }
        };
        AsynchronousChannelGroup refused = provider.openAsynchronousChannelGroup(pool, 0);
        try (AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(refused)) {
            get(channel.connect(listener.getLocalAddress()));
            try (AsynchronousSocketChannel accepted = get(listener.accept())) {
                Outcome<Integer> read = new Outcome<>();
                channel.read(ByteBuffer.allocate(1), null, read);
                refusing.set(true);
                get(accepted.write(bytes(1)));
                assertTrue(read.isSuccess(2_000), "the handler is lost");
            }
        } finally {
            refusing.set(false);
            refused.shutdownNow();
        }
    }

    /** A cancelled read takes no bytes. The next read gets the bytes that arrive later. */
    @Test
    void read_cancelled_takesNoLaterBytes() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ByteBuffer abandoned = ByteBuffer.allocate(8);
        assertTrue(channel.read(abandoned).cancel(false));
        peer.write(bytes(1, 2, 3));
        ByteBuffer next = ByteBuffer.allocate(8);
        int count = 0;
        try {
            count = get(channel.read(next));
        } catch (IllegalStateException poisoned) {
            throw new AssertionError("the channel cannot be read any more", poisoned);
        }
        assertEquals(3, count);
        assertEquals(0, abandoned.position());
    }

    /** A read into no buffers completes at once, because no bytes can be read. */
    @Test
    void scatteringRead_noBuffers_completesAtOnce() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Outcome<Long> read = new Outcome<>();
        channel.read(new ByteBuffer[0], 0, 0, 0, TimeUnit.SECONDS, null, read);
        assertTrue(read.isSuccess(1_000), "it waits");
        assertEquals(0L, read.value());
    }
}
