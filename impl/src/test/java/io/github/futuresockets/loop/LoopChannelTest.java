package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.ArenaMemory;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.Program;
import io.github.futuresockets.impl.support.SilentAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.WeakReference;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** Tests of the guarantees of {@link LoopChannelProvider} beyond the specification of NIO.2. */
class LoopChannelTest extends ProviderFixture {
    @Override
    AsynchronousChannelProvider provider() {
        return new LoopChannelProvider();
    }

    @Test
    void read_afterTimedOutRead_succeeds() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Outcome<Integer> late = new Outcome<>();
        channel.read(ByteBuffer.allocate(8), 20, TimeUnit.MILLISECONDS, null, late);
        assertInstanceOf(InterruptedByTimeoutException.class, late.failure());
        peer.write(ByteBuffer.wrap(new byte[] {5}));
        ByteBuffer next = ByteBuffer.allocate(8);
        assertEquals(1, channel.read(next).get(PATIENCE, TimeUnit.SECONDS));
        assertEquals(5, next.get(0));
    }

    @Test
    void read_afterCancelledRead_getsEveryByte() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ByteBuffer abandoned = ByteBuffer.allocate(8);
        Future<Integer> cancelled = channel.read(abandoned);
        assertEquals(true, cancelled.cancel(false));
        peer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        ByteBuffer next = ByteBuffer.allocate(8);
        assertEquals(3, channel.read(next).get(PATIENCE, TimeUnit.SECONDS));
        assertEquals(0, abandoned.position());
    }

    @Test
    void close_lingerTimeZero_resets() throws Exception {
        AsynchronousSocketChannel channel = connect();
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
        IOException reset = assertThrows(IOException.class, () -> peer.read(ByteBuffer.allocate(1)));
        assertEquals(false, reset instanceof InterruptedIOException);
    }

    @Test
    void bind_addressOfClosedListener_succeedsAtOnce() throws Exception {
        for (int i = 0; i < 200; i++) {
            var address = listener.getLocalAddress();
            listener.close();
            listener = provider.openAsynchronousServerSocketChannel(group).bind(address);
        }
    }

    @Test
    void connect_refused_closesChannel() throws Exception {
        var address = listener.getLocalAddress();
        listener.close();
        AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(group);
        assertThrows(ExecutionException.class, () -> channel.connect(address).get(PATIENCE, TimeUnit.SECONDS));
        assertEquals(false, channel.isOpen());
    }

    @Test
    void unixDomainSocket_connects() throws Exception {
        EventLoop loop = ((LoopChannelGroup) group).loops().get(0);
        var path = java.nio.file.Files.createTempDirectory("loop").resolve("socket");
        var address = java.net.UnixDomainSocketAddress.of(path);
        try (var server = loop.openServerSocketChannel(StandardProtocolFamily.UNIX)
                        .bind(address);
                var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            var accept = server.accept();
            client.connect(address);
            try (var accepted = accept.get(PATIENCE, TimeUnit.SECONDS)) {
                assertEquals(1, accepted.write(ByteBuffer.wrap(new byte[1])).get(PATIENCE, TimeUnit.SECONDS));
                assertEquals(1, client.read(ByteBuffer.allocate(4)));
            }
        } finally {
            java.nio.file.Files.deleteIfExists(path);
        }
    }

    @Test
    void provider_namedBySystemProperty_isDefaultOfJvm() throws Exception {
        String said = new Program(DefaultProvider.class)
                .options("-D" + AsynchronousChannelProvider.class.getName() + "=" + LoopChannelProvider.class.getName())
                .run();
        assertEquals(
                List.of("LoopSocketChannel got 42", "terminated: true"),
                said.lines().toList());
        assertEquals(
                "UnixAsynchronousSocketChannelImpl got 42",
                new Program(DefaultProvider.class).run().lines().findFirst().orElseThrow());
    }

    @Test
    void accept_manyConnections_areSpreadOverLoops() throws Exception {
        LoopChannelGroup four = new LoopChannelProvider().openAsynchronousChannelGroup(4, Thread::new);
        try (AsynchronousServerSocketChannel server = listener(four)) {
            Map<EventLoop, Integer> dealt = new HashMap<>();
            for (int i = 0; i < 16; i++) {
                Future<AsynchronousSocketChannel> accept = server.accept();
                SocketChannel.open(server.getLocalAddress()).close();
                dealt.merge(((EventLoopChannel) get(accept)).loop(), 1, Integer::sum);
            }
            assertEquals(4, dealt.size());
            dealt.values().forEach(count -> assertEquals(4, count));
        } finally {
            end(four);
        }
    }

    @Test
    void handlers_nested_atMostSixteenOnStack() throws Exception {
        AsynchronousSocketChannel channel = connect();
        AtomicInteger depth = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        AtomicInteger left = new AtomicInteger(1_000);
        Outcome<Integer> last = new Outcome<>() {
            @Override
            public void completed(Integer value, Object attachment) {
                deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
                if (left.decrementAndGet() == 0) {
                    super.completed(value, attachment);
                } else {
                    channel.write(ByteBuffer.allocate(0), null, this);
                }
                depth.decrementAndGet();
            }
        };
        channel.write(ByteBuffer.allocate(0), null, last);
        last.value();
        assertEquals(16, deepest.get());
    }

    @Test
    void handlers_failed_canBeCollected() throws Exception {
        AsynchronousSocketChannel channel = connect();
        HandlerSpecification.assertForgotten(() -> {
            HandlerSpecification.Traced<Integer> late = new HandlerSpecification.Traced<>();
            channel.read(late.buffer, 5, TimeUnit.MILLISECONDS, late, late);
            return late.done();
        });
        HandlerSpecification.assertForgotten(() -> {
            ByteBuffer abandoned = ByteBuffer.allocate(8);
            channel.read(abandoned).cancel(false);
            return new WeakReference<>(abandoned);
        });
        HandlerSpecification.assertForgotten(() -> {
            HandlerSpecification.Traced<Integer> closed = new HandlerSpecification.Traced<>();
            channel.read(closed.buffer, closed, closed);
            assertDoesNotThrow(channel::close);
            return closed.done();
        });
        HandlerSpecification.assertForgotten(() -> {
            HandlerSpecification.Traced<AsynchronousSocketChannel> accept = new HandlerSpecification.Traced<>();
            listener.accept(accept, accept);
            assertDoesNotThrow(listener::close);
            return accept.done();
        });
    }

    @Test
    void cancel_withInterruptOrOfConnect_closesChannel() throws Exception {
        AsynchronousSocketChannel channel = connect();
        assertEquals(true, channel.read(ByteBuffer.allocate(1)).cancel(true));
        assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
        try (SilentAddress silent = new SilentAddress()) {
            AsynchronousSocketChannel connecting = provider.openAsynchronousSocketChannel(group);
            assertEquals(true, connecting.connect(silent.address()).cancel(false));
            assertEquals(false, connecting.isOpen());
        }
        assertEquals(true, listener.accept().cancel(false));
        Future<AsynchronousSocketChannel> accept = listener.accept();
        SocketChannel.open(listener.getLocalAddress()).close();
        get(accept);
        assertEquals(true, listener.accept().cancel(true));
        assertEquals(false, listener.isOpen());
    }

    /** The executor throws an error, as an executor without memory for a thread does. */
    @Test
    void executor_throws_losesNoHandlerLoopOrChannel() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        ExecutorService pool = new ThreadPoolExecutor(2, 2, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
            @Override
            public void execute(Runnable task) {
                if (broken.get()) {
                    throw new OutOfMemoryError("thrown on purpose");
                }
                super.execute(task);
            }
        };
        LoopChannelGroup throwing = new LoopChannelProvider().openAsynchronousChannelGroup(pool, 1);
        AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(throwing);
        get(channel.connect(listener.getLocalAddress()));
        try (AsynchronousSocketChannel accepted = get(listener.accept())) {
            broken.set(true);
            Outcome<Integer> late = new Outcome<>();
            channel.read(ByteBuffer.allocate(1), 10, TimeUnit.MILLISECONDS, null, late);
            assertInstanceOf(InterruptedByTimeoutException.class, late.failure());
            Outcome<Integer> read = new Outcome<>();
            channel.read(ByteBuffer.allocate(1), null, read);
            get(accepted.write(bytes(1)));
            assertEquals(1, read.value());
            Outcome<Integer> closed = new Outcome<>();
            channel.read(ByteBuffer.allocate(1), null, closed);
            channel.close();
            closed.failure();
            assertEquals(-1, get(accepted.read(ByteBuffer.allocate(1))));
        } finally {
            broken.set(false);
            end(throwing);
        }
    }

    @Test
    void close_lingering_doesNotBlockLoop() throws Exception {
        AsynchronousSocketChannel channel = connect();
        channel.setOption(StandardSocketOptions.SO_LINGER, 10);
        fill(channel);
        Outcome<Long> done = new Outcome<>();
        ((LoopChannelGroup) group).execute(() -> {
            long before = System.nanoTime();
            assertDoesNotThrow(channel::close);
            ((LoopChannelGroup) group)
                    .execute(() ->
                            ((LoopChannelGroup) group).execute(() -> done.completed(System.nanoTime() - before, null)));
        });
        assertEquals(true, done.value() < TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void openGroup_threadStartFails_leavesNoThreadOrDescriptor() throws Exception {
        int before = Descriptors.count();
        List<Thread> made = new CopyOnWriteArrayList<>();
        assertThrows(
                IllegalThreadStateException.class,
                () -> new LoopChannelProvider().openAsynchronousChannelGroup(3, task -> {
                    Thread thread = new Thread(task);
                    if (made.size() == 1) {
                        thread.start();
                    }
                    made.add(thread);
                    return thread;
                }));
        for (Thread each : made) {
            each.join(TimeUnit.SECONDS.toMillis(PATIENCE));
            assertEquals(false, each.isAlive());
        }
        Descriptors.awaitAtMost(before);
    }

    @Test
    void reads_waitedForOnAllThreads_complete() throws Exception {
        LoopChannelGroup two = new LoopChannelProvider().openAsynchronousChannelGroup(2, Thread::new);
        try (AsynchronousServerSocketChannel server = listener(two)) {
            CountDownLatch waiting = new CountDownLatch(2);
            List<SocketChannel> peers = new ArrayList<>();
            List<Outcome<Integer>> outcomes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Future<AsynchronousSocketChannel> accept = server.accept();
                peers.add(SocketChannel.open(server.getLocalAddress()));
                AsynchronousSocketChannel channel = get(accept);
                Outcome<Integer> outcome = new Outcome<>();
                outcomes.add(outcome);
                two.execute(() -> {
                    Future<Integer> read = channel.read(ByteBuffer.allocate(8));
                    waiting.countDown();
                    outcome.completed(assertDoesNotThrow(() -> get(read)), null);
                });
            }
            assertTrue(waiting.await(PATIENCE, TimeUnit.SECONDS));
            for (SocketChannel each : peers) {
                each.write(bytes(1, 2));
            }
            for (Outcome<Integer> each : outcomes) {
                assertEquals(2, each.value());
            }
            for (SocketChannel each : peers) {
                each.close();
            }
        } finally {
            end(two);
        }
    }

    @Test
    void get_onTheOnlyThreadOfAGroup_throws() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Outcome<Throwable> task = new Outcome<>();
        ((LoopChannelGroup) group).execute(() -> {
            Future<Integer> read = channel.read(ByteBuffer.allocate(1));
            IllegalStateException refused = assertThrows(IllegalStateException.class, read::get);
            assertThrows(IllegalStateException.class, () -> read.get(1, TimeUnit.HOURS));
            assertThrows(TimeoutException.class, () -> read.get(0, TimeUnit.HOURS));
            assertEquals(true, read.cancel(false));
            assertEquals(1, assertDoesNotThrow(() -> channel.write(bytes(1)).get()));
            task.completed(refused, null);
        });
        assertTrue(task.value().getMessage().contains("only thread"), task.value()::toString);
    }

    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = "the JDK has no such memory")
    void transfers_arenaConfined_areRefused() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ByteBuffer confined = ArenaMemory.confined().buffer();
        ByteBuffer[] several = {ByteBuffer.allocate(1), confined};
        Outcome<Integer> outcome = new Outcome<>();
        Outcome<Long> sum = new Outcome<>();
        assertThrows(IllegalArgumentException.class, () -> channel.read(confined));
        assertThrows(IllegalArgumentException.class, () -> channel.write(confined));
        assertThrows(IllegalArgumentException.class, () -> channel.read(confined, null, outcome));
        assertThrows(IllegalArgumentException.class, () -> channel.write(confined, null, outcome));
        assertThrows(IllegalArgumentException.class, () -> channel.read(several, 0, 2, 0, TimeUnit.SECONDS, null, sum));
        assertThrows(
                IllegalArgumentException.class, () -> channel.write(several, 0, 2, 0, TimeUnit.SECONDS, null, sum));
        assertEquals(1, channel.write(bytes(1)).get(PATIENCE, TimeUnit.SECONDS));
    }

    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = "the JDK has no such memory")
    void read_arenaClosedMeanwhile_failsAndTakesNothing() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ArenaMemory memory = ArenaMemory.shared();
        Outcome<Integer> read = new Outcome<>();
        channel.read(memory.buffer(), null, read);
        memory.close();
        peer.write(bytes(1, 2));
        SegmentSpecification.assertReleased(read.failure());
        assertEquals(2, channel.read(ByteBuffer.allocate(8)).get(PATIENCE, TimeUnit.SECONDS));
    }
}
