package io.github.futuresockets.loop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A listening channel on a loop. The accepted channels belong to the loops of the group in turn. */
final class LoopServerSocketChannel extends AsynchronousServerSocketChannel implements Registration.Owner {
    /*
     * The thread that starts an accept never performs the accept, because the handler must not run within the start.
     * The loop performs the accept when the loop has reported a connection.
     *
     * In most cases a handler starts the next accept. Then the loop performs the next accept in the same turn, because
     * a turn with many busy channels takes long. After MOST accepts in a turn, the loop continues with the other
     * channels.
     */
    private static final int MOST = 64;
    private static final int BACKLOG = 1024;

    private final Registration registration;
    private final ServerSocketChannel channel;
    private final Accept accept;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private volatile boolean bound;

    private LoopServerSocketChannel(SelectorLoop loop, ServerSocketChannel channel) throws IOException {
        super(loop.group().provider());
        this.channel = channel;
        this.registration = new Registration(loop, channel, this);
        this.accept = new Accept(loop);
    }

    static LoopServerSocketChannel open(SelectorLoop loop, @Nullable ProtocolFamily family) throws IOException {
        return loop.group().open(() -> {
            ServerSocketChannel channel =
                    family == null ? ServerSocketChannel.open() : ServerSocketChannel.open(family);
            try {
                return new LoopServerSocketChannel(loop, channel);
            } catch (Throwable e) {
                channel.close();
                throw e;
            }
        });
    }

    private final class Accept extends Operation<AsynchronousSocketChannel> {
        private final SelectorLoop loop;

        // guarded by this
        private @Nullable SocketChannel accepted;

        Accept(SelectorLoop loop) {
            super(loop);
            this.loop = loop;
        }

        <A> @Nullable Future<AsynchronousSocketChannel> start(
                @Nullable A attachment, @Nullable CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
            if (!isOpen()) {
                return refused(handler, attachment, new ClosedChannelException());
            }
            if (!bound) {
                throw new NotYetBoundException();
            }
            Future<AsynchronousSocketChannel> future;
            synchronized (this) {
                future = begin(handler, attachment);
                try {
                    await();
                } catch (Throwable e) {
                    free();
                    throw e;
                }
            }
            if (!isOpen()) {
                fail(new AsynchronousCloseException());
            }
            return future;
        }

        private void await() {
            registration.want(Registration.IN, SelectionKey.OP_ACCEPT);
        }

        @Override
        boolean perform() throws IOException {
            assert Thread.holdsLock(this);
            if (!isOpen()) {
                throw new AsynchronousCloseException();
            }
            accepted = channel.accept();
            if (accepted == null) {
                await();
                return false;
            }
            result = loop.group().adopt(accepted);
            return true;
        }

        @Override
        void clear() {
            accepted = null;
        }

        @Override
        Throwable explain(Throwable failure) {
            if (accepted != null) {
                closeQuietly(accepted);
            }
            if (failure instanceof ShutdownChannelGroupException) {
                return new IOException("the channel group is shut down", failure);
            }
            return isOpen() || failure instanceof AsynchronousCloseException
                    ? failure
                    : new AsynchronousCloseException();
        }

        private void closeQuietly(SocketChannel unwanted) {
            try {
                unwanted.close();
            } catch (IOException e) {
                Log.log(Level.DEBUG, "close of " + unwanted, e);
            }
        }

        @Override
        RuntimeException alreadyPending() {
            return new AcceptPendingException();
        }

        @Override
        void cancelled(boolean mayInterrupt) {
            if (mayInterrupt) {
                close();
            }
        }
    }

    @Override
    public void readable() {
        int accepted = 0;
        while (accepted < MOST && accept.attempt()) {
            accepted++;
        }
    }

    @Override
    public void writable() {}

    @Override
    public void inputUnclaimed() {}

    @Override
    public <A> void accept(@Nullable A attachment, CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        accept.start(attachment, Objects.requireNonNull(handler, "handler"));
    }

    @Override
    public Future<AsynchronousSocketChannel> accept() {
        return Objects.requireNonNull(accept.start(null, null));
    }

    @Override
    public AsynchronousServerSocketChannel bind(@Nullable SocketAddress local, int backlog) throws IOException {
        ensureOpen();
        channel.bind(local, backlog < 1 ? BACKLOG : backlog);
        bound = true;
        return this;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        Objects.requireNonNull(name, "name");
        ensureOpen();
        channel.setOption(name, value);
        return this;
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
    public boolean isOpen() {
        return open.get();
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            try {
                accept.fail(new AsynchronousCloseException());
            } finally {
                registration.releaseNow(() -> {});
            }
        }
    }

    @Override
    public Registration registration() {
        return registration;
    }

    @Override
    public String toString() {
        return "LoopServerSocketChannel[" + (isOpen() ? channel.toString() : "closed") + "]";
    }
}
