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

/** A socket channel on a loop: the operations of NIO.2. Each is attempted by whoever starts it, and then by the loop. */
final class LoopSocketChannel extends ReadySocketChannel {
    private final Transfer reads;
    private final Transfer writes;
    private final ConnectOperation connect;
    private volatile boolean inputShut;

    /** Takes over a channel that {@link LoopChannelGroup#open} has counted. */
    LoopSocketChannel(SelectorLoop loop, SocketChannel channel, boolean connected, boolean unix) throws IOException {
        super(loop, channel, connected);
        this.connect = new ConnectOperation(this, channel, registration, unix);
        this.reads = new Reading(this, loop);
        this.writes = new Writing(this, loop);
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
        reads.attempt();
    }

    @Override
    void goOnWriting() {
        if (connected) {
            writes.attempt();
        } else {
            connect.attempt();
        }
    }

    @Override
    void failOutstanding() {
        connect.fail(new AsynchronousCloseException());
        reads.fail(new AsynchronousCloseException());
        writes.fail(new AsynchronousCloseException());
    }

    /** The connection stands. */
    void connected() {
        connected = true;
    }

    @Override
    public <A> void connect(SocketAddress remote, @Nullable A attachment, CompletionHandler<Void, ? super A> handler) {
        connect.start(remote, attachment, Objects.requireNonNull(handler, "handler"));
    }

    @Override
    public Future<Void> connect(SocketAddress remote) {
        return Objects.requireNonNull(connect.start(remote, null, null));
    }

    @Override
    public <A> void read(
            ByteBuffer dst,
            long timeout,
            TimeUnit unit,
            @Nullable A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        reads.start(Buffers.writable(dst), null, timeout, unit, attachment, Objects.requireNonNull(handler, "handler"));
    }

    @Override
    public Future<Integer> read(ByteBuffer dst) {
        return reads.start(Buffers.writable(dst));
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
        reads.start(null, part, timeout, unit, attachment, handler);
    }

    @Override
    public <A> void write(
            ByteBuffer src,
            long timeout,
            TimeUnit unit,
            @Nullable A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(src, "src");
        writes.start(src, null, timeout, unit, attachment, Objects.requireNonNull(handler, "handler"));
    }

    @Override
    public Future<Integer> write(ByteBuffer src) {
        return writes.start(Objects.requireNonNull(src, "src"));
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
        writes.start(null, Buffers.part(srcs, offset, length), timeout, unit, attachment, handler);
    }

    @Override
    public AsynchronousSocketChannel bind(@Nullable SocketAddress local) throws IOException {
        if (connect.isPending()) {
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
        reads.attempt();
        return this;
    }

    @Override
    public AsynchronousSocketChannel shutdownOutput() throws IOException {
        ensureConnected();
        channel.shutdownOutput();
        forgetFull();
        writes.attempt();
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
