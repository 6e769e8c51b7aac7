package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ReadPendingException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.WritePendingException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests of channels against the documentation of NIO.2. */
abstract class ChannelSpecification extends ProviderFixture {
    @Test
    void read_bytesArrived_givesCount() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Future<Integer> read = channel.read(ByteBuffer.allocate(100));
        peer.write(ByteBuffer.wrap(new byte[30]));
        assertEquals(30, get(read));
    }

    @Test
    void read_endOfStream_givesMinusOneOrZeroIfEmpty() throws Exception {
        AsynchronousSocketChannel channel = connect();
        peer.close();
        assertEquals(-1, get(channel.read(ByteBuffer.allocate(1))));
        assertEquals(-1, get(channel.read(ByteBuffer.allocate(1))));
        assertEquals(0, get(channel.read(ByteBuffer.allocate(0))));
    }

    @Test
    void scatterGather_severalBuffers_transferInOrder() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ByteBuffer[] buffers = {ByteBuffer.allocate(9), ByteBuffer.allocate(2), ByteBuffer.allocateDirect(4)};
        Outcome<Long> read = new Outcome<>();
        channel.read(buffers, 1, 2, 0, TimeUnit.SECONDS, null, read);
        peer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertEquals(3L, read.value());
        assertEquals(0, buffers[0].position());
        assertEquals(2, buffers[1].position());
        assertEquals(1, buffers[2].position());
        Outcome<Long> write = new Outcome<>();
        channel.write(new ByteBuffer[] {buffers[1].flip(), buffers[2].flip()}, 0, 2, 0, TimeUnit.SECONDS, null, write);
        assertEquals(3L, write.value());
        assertEquals(3, peer.read(ByteBuffer.allocate(9)));
    }

    @Test
    void transfers_illegalArguments_throw() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
        ByteBuffer[] one = {ByteBuffer.allocate(1)};
        Outcome<Long> none = new Outcome<>();
        assertThrows(IllegalArgumentException.class, () -> channel.read(readOnly));
        assertThrows(NullPointerException.class, () -> channel.read(one[0], null, null));
        assertThrows(IndexOutOfBoundsException.class, () -> channel.read(one, 1, 1, 0, TimeUnit.SECONDS, null, none));
        assertThrows(IndexOutOfBoundsException.class, () -> channel.write(one, 0, -1, 0, TimeUnit.SECONDS, null, none));
        assertThrows(
                IllegalArgumentException.class,
                () -> channel.read(new ByteBuffer[] {readOnly}, 0, 1, 0, TimeUnit.SECONDS, null, none));
    }

    @Test
    void operations_unconnectedChannel_throwNotYetConnected() throws Exception {
        try (AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(group)) {
            assertThrows(NotYetConnectedException.class, () -> channel.read(ByteBuffer.allocate(1)));
            assertThrows(NotYetConnectedException.class, () -> channel.write(ByteBuffer.allocate(1)));
            assertThrows(NotYetConnectedException.class, channel::shutdownInput);
            assertThrows(NotYetConnectedException.class, channel::shutdownOutput);
            assertEquals(null, channel.getRemoteAddress());
        }
    }

    @Test
    void connect_unusableAddress_throwsAtOnce() throws Exception {
        try (AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(group)) {
            assertThrows(
                    UnresolvedAddressException.class,
                    () -> channel.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
            assertThrows(UnsupportedAddressTypeException.class, () -> channel.connect(new SocketAddress() {}));
        }
    }

    @Test
    void connect_alreadyConnected_throws() throws Exception {
        try (AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(group)) {
            SocketAddress address = listener.getLocalAddress();
            get(channel.connect(address));
            assertEquals(address, channel.getRemoteAddress());
            assertThrows(AlreadyConnectedException.class, () -> channel.connect(address));
        }
    }

    @Test
    void operations_sameKindPending_throw() throws Exception {
        AsynchronousSocketChannel channel = connect();
        channel.read(ByteBuffer.allocate(1));
        assertThrows(ReadPendingException.class, () -> channel.read(ByteBuffer.allocate(1)));
        fill(channel);
        assertThrows(WritePendingException.class, () -> channel.write(ByteBuffer.allocate(1)));
        listener.accept();
        assertThrows(AcceptPendingException.class, () -> listener.accept());
    }

    @Test
    void accept_unboundListener_throws() throws Exception {
        try (var unbound = provider.openAsynchronousServerSocketChannel(group)) {
            assertThrows(NotYetBoundException.class, unbound::accept);
            assertEquals(null, unbound.getLocalAddress());
        }
    }

    @Test
    void close_failsPendingAndLaterOperations() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Future<Integer> read = channel.read(ByteBuffer.allocate(1));
        Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
        listener.accept(null, accept);
        channel.close();
        listener.close();
        assertInstanceOf(AsynchronousCloseException.class, failureOf(read));
        assertInstanceOf(AsynchronousCloseException.class, accept.failure());
        assertInstanceOf(ClosedChannelException.class, failureOf(channel.read(ByteBuffer.allocate(1))));
        assertInstanceOf(ClosedChannelException.class, failureOf(listener.accept()));
        assertThrows(ClosedChannelException.class, channel::getLocalAddress);
        assertThrows(ClosedChannelException.class, () -> channel.getOption(StandardSocketOptions.SO_SNDBUF));
        assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
    }

    @Test
    void shutdown_endsReadsAndFailsWrites() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Future<Integer> pending = channel.read(ByteBuffer.allocate(1));
        channel.shutdownInput();
        assertEquals(-1, get(pending));
        assertEquals(-1, get(channel.read(ByteBuffer.allocate(1))));
        assertEquals(-1, get(channel.read(ByteBuffer.allocate(0))));
        channel.shutdownOutput();
        assertInstanceOf(ClosedChannelException.class, failureOf(channel.write(ByteBuffer.allocate(1))));
        assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
    }

    @Test
    void read_timedOut_fails() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Outcome<Integer> read = new Outcome<>();
        channel.read(ByteBuffer.allocate(1), 20, TimeUnit.MILLISECONDS, null, read);
        assertInstanceOf(InterruptedByTimeoutException.class, read.failure());
        assertTrue(channel.isOpen());
    }

    @Test
    void cancel_withInterrupt_closesChannel() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Future<Integer> read = channel.read(ByteBuffer.allocate(1));
        assertTrue(read.cancel(true));
        assertTrue(read.isDone());
        assertTrue(read.isCancelled());
        assertThrows(CancellationException.class, read::get);
        assertFalse(read.cancel(true));
        assertFalse(channel.isOpen());
    }

    @Test
    void handlers_runOnGroupThreads() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Outcome<Integer> write = new Outcome<>();
        channel.write(ByteBuffer.allocate(1), null, write);
        assertEquals(1, write.value());
        assertEquals(THREAD, write.thread().getName());
    }

    @Test
    void writes_recursionInHandlers_doesNotOverflowStack() throws Exception {
        AsynchronousSocketChannel channel = connect();
        AtomicInteger left = new AtomicInteger(100_000);
        Outcome<Integer> last = new Outcome<>() {
            @Override
            public void completed(Integer value, Object attachment) {
                if (left.decrementAndGet() == 0) {
                    super.completed(value, attachment);
                } else {
                    channel.write(ByteBuffer.allocate(0), null, this);
                }
            }
        };
        channel.write(ByteBuffer.allocate(0), null, last);
        assertEquals(0, last.value());
    }

    @Test
    void handler_throws_groupGoesOn() throws Exception {
        AsynchronousSocketChannel channel = connect();
        channel.write(ByteBuffer.allocate(1), null, new Outcome<>() {
            @Override
            public void completed(Integer value, Object attachment) {
                throw new IllegalStateException("thrown on purpose");
            }
        });
        Outcome<Integer> read = new Outcome<>();
        channel.read(ByteBuffer.allocate(1), null, read);
        peer.write(ByteBuffer.allocate(1));
        assertEquals(1, read.value());
    }

    @Test
    void shutdown_openChannel_terminatesWithLastChannel() throws Exception {
        group.shutdown();
        assertTrue(group.isShutdown());
        assertThrows(ShutdownChannelGroupException.class, () -> provider.openAsynchronousSocketChannel(group));
        assertFalse(group.awaitTermination(50, TimeUnit.MILLISECONDS));
        listener.close();
        assertTrue(group.awaitTermination(PATIENCE, TimeUnit.SECONDS));
    }

    @Test
    void execute_task_runsOnGroupThread() throws Exception {
        Outcome<Integer> task = new Outcome<>();
        ((Executor) group).execute(() -> task.completed(7, null));
        assertEquals(7, task.value());
        assertEquals(THREAD, task.thread().getName());
    }
}
