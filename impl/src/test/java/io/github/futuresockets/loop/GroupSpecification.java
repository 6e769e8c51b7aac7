package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalChannelGroupException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests of channel groups against the documentation of NIO.2, with their threads, executors and shutdown. */
abstract class GroupSpecification extends ProviderFixture {
    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Test
    void openGroup_illegalArguments_throws() {
        assertThrows(IllegalArgumentException.class, () -> provider.openAsynchronousChannelGroup(0, Thread::new));
        assertThrows(NullPointerException.class, () -> provider.openAsynchronousChannelGroup(1, null));
        assertThrows(NullPointerException.class, () -> provider.openAsynchronousChannelGroup(null, 1));
    }

    @Test
    void openChannel_groupOfOtherProvider_throws() throws Exception {
        AsynchronousChannelProvider other = this instanceof OfOurs ? AsynchronousChannelProvider.provider() : ours();
        AsynchronousChannelGroup foreign = other.openAsynchronousChannelGroup(1, Thread::new);
        try {
            assertSame(other, foreign.provider());
            assertThrows(IllegalChannelGroupException.class, () -> provider.openAsynchronousSocketChannel(foreign));
            assertThrows(
                    IllegalChannelGroupException.class, () -> provider.openAsynchronousServerSocketChannel(foreign));
        } finally {
            end(foreign);
        }
    }

    /** The mark of a test of {@link LoopChannelProvider}. */
    interface OfOurs {}

    private static AsynchronousChannelProvider ours() {
        return new LoopChannelProvider();
    }

    @Test
    void openChannel_nullGroup_usesDefaultGroup() throws Exception {
        try (var mine = provider.openAsynchronousServerSocketChannel(null)
                        .bind(
                                listener.getLocalAddress() == null
                                        ? null
                                        : new java.net.InetSocketAddress(
                                                java.net.InetAddress.getLoopbackAddress(), 0));
                AsynchronousSocketChannel client = provider.openAsynchronousSocketChannel(null)) {
            Future<AsynchronousSocketChannel> accept = mine.accept();
            Outcome<Void> connect = new Outcome<>();
            client.connect(mine.getLocalAddress(), null, connect);
            connect.value();
            assertTrue(connect.thread().isDaemon());
            try (AsynchronousSocketChannel accepted = get(accept)) {
                assertEquals(1, get(accepted.write(bytes(1))));
                assertEquals(1, get(client.read(ByteBuffer.allocate(1))));
            }
        }
    }

    @Test
    void group_ofExecutor_runsHandlersThereAndEndsExecutor() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool(task -> daemon(task, "pooled"));
        AsynchronousChannelGroup pooled = provider.openAsynchronousChannelGroup(pool, 1);
        try (AsynchronousSocketChannel client = provider.openAsynchronousSocketChannel(pooled)) {
            Future<AsynchronousSocketChannel> accept = listener.accept();
            Outcome<Void> connect = new Outcome<>();
            client.connect(listener.getLocalAddress(), null, connect);
            connect.value();
            assertEquals("pooled", connect.thread().getName());
            AsynchronousSocketChannel accepted = get(accept);
            Outcome<Integer> read = new Outcome<>();
            client.read(ByteBuffer.allocate(1), null, read);
            get(accepted.write(bytes(1)));
            assertEquals(1, read.value());
            assertEquals("pooled", read.thread().getName());
            Outcome<Integer> task = new Outcome<>();
            ((Executor) pooled).execute(() -> task.completed(1, null));
            task.value();
            assertEquals("pooled", task.thread().getName());
        }
        pooled.shutdown();
        assertTrue(pooled.awaitTermination(PATIENCE, TimeUnit.SECONDS));
        assertTrue(pool.isTerminated());
        assertTrue(pooled.isTerminated());
    }

    @Test
    void shutdownNow_closesAllChannels() throws Exception {
        AsynchronousSocketChannel channel = connect();
        AsynchronousSocketChannel unconnected = provider.openAsynchronousSocketChannel(group);
        Future<Integer> read = channel.read(ByteBuffer.allocate(1));
        Future<AsynchronousSocketChannel> accept = listener.accept();
        group.shutdownNow();
        assertInstanceOf(AsynchronousCloseException.class, failureOf(read));
        assertInstanceOf(AsynchronousCloseException.class, failureOf(accept));
        assertFalse(channel.isOpen() || unconnected.isOpen() || listener.isOpen());
        assertTrue(group.awaitTermination(PATIENCE, TimeUnit.SECONDS));
        group.shutdownNow();
        group.shutdown();
        assertThrows(ShutdownChannelGroupException.class, () -> provider.openAsynchronousServerSocketChannel(group));
    }

    @Test
    void accept_groupShutDown_failsAndClosesConnection() throws Exception {
        Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
        listener.accept(null, accept);
        group.shutdown();
        peer.connect(listener.getLocalAddress());
        Throwable failure = accept.failure();
        assertInstanceOf(IOException.class, failure);
        assertInstanceOf(ShutdownChannelGroupException.class, failure.getCause());
        int end = -1;
        try {
            end = peer.read(ByteBuffer.allocate(1));
        } catch (IOException reset) {
            assertFalse(reset instanceof java.io.InterruptedIOException);
        }
        assertEquals(-1, end);
    }

    @Test
    void shutdown_openChannels_workUntilClosed() throws Exception {
        AsynchronousSocketChannel channel = connect();
        group.shutdown();
        assertEquals(1, get(channel.write(bytes(1))));
        Outcome<Integer> read = new Outcome<>();
        channel.read(ByteBuffer.allocate(1), null, read);
        peer.write(bytes(1));
        assertEquals(1, read.value());
        assertFalse(group.isTerminated());
        listener.close();
        channel.close();
        assertTrue(group.awaitTermination(PATIENCE, TimeUnit.SECONDS));
    }

    @Test
    void shutdownNow_insideHandler_terminatesGroup() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Outcome<Integer> read = new Outcome<>() {
            @Override
            public void completed(Integer value, Object attachment) {
                try {
                    channel.close();
                    group.shutdownNow();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                super.completed(value, attachment);
            }
        };
        channel.read(ByteBuffer.allocate(1), null, read);
        peer.write(bytes(1));
        read.value();
        assertTrue(group.awaitTermination(PATIENCE, TimeUnit.SECONDS));
    }

    @Test
    void fixedPool_factoryThreads_areUsedAndEndWithGroup() throws Exception {
        Set<Thread> made = ConcurrentHashMap.newKeySet();
        AsynchronousChannelGroup fixed = provider.openAsynchronousChannelGroup(3, task -> {
            Thread thread = new Thread(task, "made");
            made.add(thread);
            return thread;
        });
        CountDownLatch ran = new CountDownLatch(30);
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 30; i++) {
            ((Executor) fixed).execute(() -> {
                used.add(Thread.currentThread());
                ran.countDown();
            });
        }
        assertTrue(ran.await(PATIENCE, TimeUnit.SECONDS));
        assertEquals(3, made.size());
        assertTrue(made.containsAll(used));
        end(fixed);
        for (Thread each : made) {
            each.join(TimeUnit.SECONDS.toMillis(PATIENCE));
            assertFalse(each.isAlive());
        }
    }

    @Test
    void awaitTermination_groupOpen_timesOut() throws Exception {
        assertFalse(group.awaitTermination(30, TimeUnit.MILLISECONDS));
        assertFalse(group.isShutdown() || group.isTerminated());
    }

    @Test
    void openChannel_racingShutdownNow_isClosedOrRefused() throws Exception {
        for (int round = 0; round < 500; round++) {
            AsynchronousChannelGroup ending = provider.openAsynchronousChannelGroup(1, Thread::new);
            Thread opener = new Thread(() -> {
                try {
                    while (true) {
                        provider.openAsynchronousSocketChannel(ending);
                        provider.openAsynchronousServerSocketChannel(ending);
                    }
                } catch (ShutdownChannelGroupException expected) {
                    return;
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            opener.start();
            while (!opener.isAlive()) {
                Thread.onSpinWait();
            }
            ending.shutdownNow();
            opener.join();
            assertTrue(ending.awaitTermination(PATIENCE, TimeUnit.SECONDS), "in round " + round);
        }
    }

    @Test
    void operations_groupTerminated_failInFuture() throws Exception {
        AsynchronousSocketChannel channel = connect();
        end(group);
        assertInstanceOf(ClosedChannelException.class, failureOf(channel.read(ByteBuffer.allocate(1))));
        assertInstanceOf(ClosedChannelException.class, failureOf(listener.accept()));
    }
}
