package io.github.futuresockets.loop;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A socket channel on a loop, with the operations of NIO.2. The caller attempts an operation first, and then the loop
 * does.
 */
final class LoopSocketChannel extends ReadySocketChannel {
    /*
     * The objects for the operations are made on first use, and never if the channel is used by readiness. A thread
     * that starts an operation makes the object, and then reads if the channel is open. A close marks the channel as
     * closed, and then reads the objects. So either the thread or the close ends the operation.
     */
    // written under this, read by any thread
    private volatile @Nullable TransferOperation reads;
    private volatile @Nullable TransferOperation writes;
    private volatile @Nullable ConnectOperation connect;
    private final boolean unix;
    private volatile boolean inputShut;

    /** Makes the channel. {@link LoopChannelGroup#open} has counted the channel before. */
    LoopSocketChannel(SelectorLoop loop, SocketChannel channel, boolean connected, boolean unix) throws IOException {
        super(loop, channel, connected);
        this.unix = unix;
    }

    private synchronized TransferOperation makeReads() {
        TransferOperation made = reads != null ? reads : new ReadOperation(this, registration.loop());
        reads = made;
        return made;
    }

    private synchronized TransferOperation makeWrites() {
        TransferOperation made = writes != null ? writes : new WriteOperation(this, registration.loop());
        writes = made;
        return made;
    }

    private synchronized ConnectOperation makeConnect() {
        ConnectOperation made = connect != null ? connect : new ConnectOperation(this, channel, registration, unix);
        connect = made;
        return made;
    }

    private TransferOperation reads() {
        TransferOperation made = reads;
        return made != null ? made : makeReads();
    }

    private TransferOperation writes() {
        TransferOperation made = writes;
        return made != null ? made : makeWrites();
    }

    private static void attempt(@Nullable Operation<?> operation) {
        if (operation != null) {
            operation.attempt();
        }
    }

    private static void fail(@Nullable Operation<?> operation) {
        if (operation != null) {
            operation.fail(new AsynchronousCloseException());
        }
    }

    static LoopSocketChannel open(SelectorLoop loop, @Nullable ProtocolFamily family) throws IOException {
        return loop.group().open(() -> {
            SocketChannel channel = family == null ? SocketChannel.open() : SocketChannel.open(family);
            try {
                return new LoopSocketChannel(loop, channel, false, family == StandardProtocolFamily.UNIX);
            } catch (Throwable e) {
                channel.close();
                throw e;
            }
        });
    }

    @Override
    void goOnReading() {
        attempt(reads);
    }

    @Override
    void goOnWriting() {
        attempt(connected ? writes : connect);
    }

    @Override
    void failOutstanding() {
        fail(connect);
        fail(reads);
        fail(writes);
    }

    /** Marks the channel as connected. */
    void connected() {
        connected = true;
    }

    @Override
    public <A> void connect(SocketAddress remote, @Nullable A attachment, CompletionHandler<Void, ? super A> handler) {
        makeConnect().start(remote, attachment, Objects.requireNonNull(handler, "handler"));
    }

    @Override
    public Future<Void> connect(SocketAddress remote) {
        return Objects.requireNonNull(makeConnect().start(remote, null, null));
    }

    @Override
    public <A> void read(
            ByteBuffer dst,
            long timeout,
            TimeUnit unit,
            @Nullable A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        reads().start(
                        Buffers.writable(dst),
                        null,
                        timeout,
                        unit,
                        attachment,
                        Objects.requireNonNull(handler, "handler"));
    }

    @Override
    public Future<Integer> read(ByteBuffer dst) {
        return reads().start(Buffers.writable(dst));
    }

    @Override
    public <A> void read(
            ByteBuffer[] dsts,
            int offset,
            int length,
            long timeout,
            TimeUnit unit,
            @Nullable A attachment,
            CompletionHandler<Long, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        ByteBuffer[] part = Buffers.part(dsts, offset, length);
        for (ByteBuffer each : part) {
            Buffers.writable(each);
        }
        reads().start(null, part, timeout, unit, attachment, handler);
    }

    @Override
    public <A> void write(
            ByteBuffer src,
            long timeout,
            TimeUnit unit,
            @Nullable A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        Buffers.shared(Objects.requireNonNull(src, "src"));
        writes().start(src, null, timeout, unit, attachment, Objects.requireNonNull(handler, "handler"));
    }

    @Override
    public Future<Integer> write(ByteBuffer src) {
        return writes().start(Buffers.shared(Objects.requireNonNull(src, "src")));
    }

    @Override
    public <A> void write(
            ByteBuffer[] srcs,
            int offset,
            int length,
            long timeout,
            TimeUnit unit,
            @Nullable A attachment,
            CompletionHandler<Long, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        ByteBuffer[] part = Buffers.part(srcs, offset, length);
        for (ByteBuffer each : part) {
            Buffers.shared(each);
        }
        writes().start(null, part, timeout, unit, attachment, handler);
    }

    @Override
    public AsynchronousSocketChannel bind(@Nullable SocketAddress local) throws IOException {
        ConnectOperation connecting = connect;
        if (connecting != null && connecting.isPending()) {
            throw new ConnectionPendingException();
        }
        ensureOpen();
        channel.bind(local);
        return this;
    }

    @Override
    public AsynchronousSocketChannel shutdownInput() throws IOException {
        ensureConnected();
        channel.shutdownInput();
        inputShut = true;
        attempt(reads);
        return this;
    }

    @Override
    public AsynchronousSocketChannel shutdownOutput() throws IOException {
        ensureConnected();
        channel.shutdownOutput();
        forgetFull();
        attempt(writes);
        return this;
    }

    private void ensureConnected() throws ClosedChannelException {
        ensureOpen();
        if (!connected) {
            throw new NotYetConnectedException();
        }
    }

    boolean isInputShut() {
        return inputShut;
    }

    boolean isConnected() {
        return connected;
    }
}
