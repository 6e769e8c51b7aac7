package io.github.futuresockets.loop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The connect of a channel. A failure or a cancellation closes the channel, because the system cannot take back an
 * attempt to connect.
 */
final class ConnectOperation extends Operation<Void> {
    private final LoopSocketChannel owner;
    private final SocketChannel channel;
    private final Registration registration;
    private final boolean unix;

    // guarded by this
    /** The address until the first attempt. Null afterwards. */
    private @Nullable SocketAddress target;

    ConnectOperation(LoopSocketChannel owner, SocketChannel channel, Registration registration, boolean unix) {
        super(registration.loop());
        this.owner = owner;
        this.channel = channel;
        this.registration = registration;
        this.unix = unix;
    }

    <A> @Nullable Future<Void> start(
            SocketAddress remote, @Nullable A attachment, @Nullable CompletionHandler<Void, ? super A> handler) {
        if (!owner.isOpen()) {
            return refused(handler, attachment, new ClosedChannelException());
        }
        check(Objects.requireNonNull(remote, "remote"));
        Future<Void> future;
        synchronized (this) {
            if (owner.isConnected()) {
                throw new AlreadyConnectedException();
            }
            future = begin(handler, attachment);
            target = remote;
        }
        attempt();
        return future;
    }

    /** Throws an exception if the channel cannot connect to an address of this type. */
    private void check(SocketAddress remote) {
        if (unix ? !(remote instanceof UnixDomainSocketAddress) : !(remote instanceof InetSocketAddress)) {
            throw new UnsupportedAddressTypeException();
        }
        if (!unix && ((InetSocketAddress) remote).isUnresolved()) {
            throw new UnresolvedAddressException();
        }
    }

    @Override
    boolean perform() throws IOException {
        assert Thread.holdsLock(this);
        if (!owner.isOpen()) {
            throw new AsynchronousCloseException();
        }
        SocketAddress first = target;
        target = null;
        if (first != null ? channel.connect(first) : channel.finishConnect()) {
            owner.connected();
            return true;
        }
        registration.want(Registration.OUT, SelectionKey.OP_CONNECT);
        return false;
    }

    @Override
    void clear() {
        target = null;
    }

    @Override
    void ended(@Nullable Throwable failure) {
        if (failure != null) {
            owner.close();
        }
    }

    @Override
    Throwable explain(Throwable failure) {
        return owner.isOpen() || failure instanceof AsynchronousCloseException
                ? failure
                : new AsynchronousCloseException();
    }

    @Override
    RuntimeException alreadyPending() {
        return new ConnectionPendingException();
    }

    @Override
    void cancelled(boolean mayInterrupt) {
        owner.close();
    }
}
