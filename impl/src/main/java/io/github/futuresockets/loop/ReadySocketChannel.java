package io.github.futuresockets.loop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of a socket channel that needs no operations of NIO.2: transfers by readiness, options and addresses. */
abstract class ReadySocketChannel extends AsynchronousSocketChannel implements EventLoopChannel, Registration.Owner {
    /*
     * `drained` and `full` are true if the last transfer was short and the loop has reported no readiness since. Then a
     * further attempt would move nothing. Both are hints, written without synchronisation by the transferring thread
     * and by the loop. A hint that is false by mistake costs a system call. A hint that is true by mistake costs a wait
     * until the next poll, because readiness is a level.
     */
    private static final VarHandle CLOSED;

    static {
        try {
            CLOSED = MethodHandles.lookup().findVarHandle(ReadySocketChannel.class, "closed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Registration registration;
    final SocketChannel channel;

    // any thread
    volatile boolean connected;
    private volatile boolean closed;
    private volatile boolean lingering;

    // hints, any thread, without synchronisation
    private boolean drained = true;
    private boolean full;

    /** The user of the channel by readiness, or null if NIO.2 uses the channel. Set before the first request. */
    private @Nullable ReadinessListener listener;

    ReadySocketChannel(SelectorLoop loop, SocketChannel channel, boolean connected) throws IOException {
        super(loop.group().provider());
        this.channel = channel;
        this.connected = connected;
        this.registration = new Registration(loop, channel, this);
    }

    /** Attempts the pending read of NIO.2. */
    abstract void goOnReading();

    /** Attempts the pending write or connect of NIO.2. */
    abstract void goOnWriting();

    /** Fails the pending operations of NIO.2. The handlers are called later, because the caller may hold locks. */
    abstract void failOutstanding();

    @Override
    public EventLoop loop() {
        return registration.loop();
    }

    @Override
    public void listen(ReadinessListener who) {
        listener = who;
    }

    @Override
    public boolean mayRead() {
        return !drained;
    }

    @Override
    public int tryRead(ByteBuffer dst) throws IOException {
        int limit = Buffers.cut(dst);
        try {
            int count = channel.read(dst);
            drained = count >= 0 && dst.hasRemaining();
            return count;
        } finally {
            dst.limit(limit);
        }
    }

    @Override
    public int tryWrite(ByteBuffer src) throws IOException {
        if (full) {
            return 0;
        }
        int limit = Buffers.cut(src);
        try {
            int count = channel.write(src);
            full = src.hasRemaining();
            return count;
        } finally {
            src.limit(limit);
        }
    }

    @Override
    public int trySend(FileChannel file, long position, int most) throws IOException {
        if (full) {
            return 0;
        }
        int count = (int) file.transferTo(position, most, channel);
        full = count < most;
        return count;
    }

    long read(ByteBuffer[] dsts, long wanted) throws IOException {
        long count = channel.read(dsts);
        drained = count >= 0 && count < wanted;
        return count;
    }

    long write(ByteBuffer[] srcs, long wanted) throws IOException {
        if (full) {
            return 0;
        }
        long count = channel.write(srcs);
        full = count < wanted;
        return count;
    }

    @Override
    public void awaitReadable() {
        registration.want(Registration.IN, SelectionKey.OP_READ);
    }

    @Override
    public void awaitWritable() {
        registration.want(Registration.OUT, SelectionKey.OP_WRITE);
    }

    /** Makes the next write attempt a system call, to find the end of the output. */
    final void forgetFull() {
        full = false;
    }

    @Override
    public final void readable() {
        drained = false;
        if (listener != null) {
            listener.readable();
        } else {
            goOnReading();
        }
    }

    /** Lets the next read make a system call at once, and not wait for the next poll. */
    @Override
    public final void inputUnclaimed() {
        drained = false;
    }

    @Override
    public final void writable() {
        full = false;
        if (connected && listener != null) {
            listener.writable();
        } else {
            goOnWriting();
        }
    }

    final void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public <T> AsynchronousSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        Objects.requireNonNull(name, "name");
        ensureOpen();
        channel.setOption(name, value);
        if (name.equals(StandardSocketOptions.SO_LINGER)) {
            lingering = (Integer) value > 0;
        }
        return this;
    }

    /** Turns lingering off before a close, because a close that waits for the peer would delay the loop. */
    private void stopLingering() {
        if (lingering) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, -1);
            } catch (IOException e) {
                Log.log(Level.DEBUG, "close of " + channel, e);
            }
        }
    }

    @Override
    public final Registration registration() {
        return registration;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        Objects.requireNonNull(name, "name");
        ensureOpen();
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return channel.getLocalAddress();
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        ensureOpen();
        return channel.getRemoteAddress();
    }

    @Override
    public final boolean isOpen() {
        return !closed;
    }

    @Override
    public final void close() {
        close(() -> {});
    }

    @Override
    public final void close(Runnable released) {
        if (CLOSED.compareAndSet(this, false, true)) {
            try {
                failOutstanding();
                stopLingering();
            } finally {
                registration.release(released);
            }
        }
    }

    @Override
    public String toString() {
        return "LoopSocketChannel[" + (isOpen() ? channel.toString() : "closed") + "]";
    }
}
