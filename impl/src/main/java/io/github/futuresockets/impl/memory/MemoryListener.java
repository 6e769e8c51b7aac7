package io.github.futuresockets.impl.memory;

import io.github.futuresockets.impl.channel.ReadinessTransport;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Options;
import io.github.futuresockets.impl.transport.Transport;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A listener in memory, with a backlog of established connections. Callers wait until the backlog has room. */
final class MemoryListener implements Network.Listener {
    /*
     * Guarded by this: `backlog`, `callers`, `wanted` and `closed`. A caller is established when its connection moves
     * into `backlog`. Each request in `wanted` gives out one connection of `backlog`.
     *
     * Callbacks are tasks of the loops, and run under no lock. The monitor of a Caller is a second lock, never held
     * together with the monitor of the listener.
     */

    /** A connect in progress. */
    static final class Caller {
        private final MemoryChannel near;
        private final MemoryChannel far;
        private final IoLoop loop;
        private final Network.ConnectCallback callback;

        // Guarded by this.
        private boolean answered;

        Caller(MemoryChannel near, MemoryChannel far, IoLoop loop, Network.ConnectCallback callback) {
            this.near = near;
            this.far = far;
            this.loop = loop;
            this.callback = callback;
        }

        void connected() {
            answer(null);
        }

        void refused() {
            answer(new ConnectException("Connection refused"));
        }

        void closed() {
            answer(new AsynchronousCloseException());
        }

        /** Completes the connect on the loop of the caller, once. */
        private void answer(@Nullable Throwable failure) {
            synchronized (this) {
                if (answered) {
                    return;
                }
                answered = true;
            }
            loop.execute(() -> {
                Transport transport;
                try {
                    transport = failure == null ? new ReadinessTransport(loop, near) : null;
                } catch (Throwable e) {
                    callback.connected(null, e);
                    return;
                }
                callback.connected(transport, failure);
            });
        }
    }

    private final MemoryPorts ports;
    private final IoLoop loop;
    private final Map<SocketOption<?>, Object> options;
    private final ListenSettings settings;
    private final Network.AcceptCallback callback;
    private final InetSocketAddress address;

    // Guarded by this.
    private final Queue<MemoryChannel> backlog = new ArrayDeque<>();
    private final Queue<Caller> callers = new ArrayDeque<>();
    private boolean wanted;
    private boolean closed;

    MemoryListener(
            MemoryPorts ports,
            IoLoop loop,
            InetSocketAddress local,
            Map<SocketOption<?>, Object> options,
            ListenSettings settings,
            Network.AcceptCallback callback)
            throws BindException {
        this.ports = ports;
        this.loop = loop;
        this.options = options;
        this.settings = settings;
        this.callback = callback;
        this.address = ports.bind(local, this);
    }

    IoLoop loop() {
        return loop;
    }

    void call(Caller caller) {
        synchronized (this) {
            if (!closed) {
                callers.add(caller);
            }
        }
        if (isClosed()) {
            caller.refused();
        } else {
            advance();
        }
    }

    synchronized void hangUp(Caller caller) {
        callers.remove(caller);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public SocketAddress localAddress() {
        return address;
    }

    @Override
    public void want() {
        synchronized (this) {
            wanted = true;
        }
        advance();
    }

    /** Establishes waiting callers, and gives out a connection if one is wanted. */
    private void advance() {
        List<Caller> established = new ArrayList<>();
        MemoryChannel given;
        synchronized (this) {
            establish(established);
            given = wanted ? backlog.poll() : null;
            wanted &= given == null;
            establish(established);
        }
        established.forEach(Caller::connected);
        if (given != null) {
            loop.execute(() -> give(given));
        }
    }

    private void establish(List<Caller> established) {
        assert Thread.holdsLock(this);
        while (!callers.isEmpty() && backlog.size() < settings.backlog()) {
            Caller caller = callers.remove();
            backlog.add(caller.far);
            established.add(caller);
        }
    }

    private void give(MemoryChannel channel) {
        Transport transport;
        try {
            Options.set(channel, options);
            Options.set(channel, settings.options());
            transport = new ReadinessTransport(loop, channel);
        } catch (Throwable e) {
            channel.close();
            callback.accepted(null, e);
            return;
        }
        callback.accepted(transport, null);
    }

    /** Closes the listener. As over TCP, a connection in the backlog sees a reset, and a waiting caller is refused. */
    @Override
    public void close(Runnable then) {
        List<Caller> refused;
        List<MemoryChannel> unwanted;
        synchronized (this) {
            closed = true;
            refused = new ArrayList<>(callers);
            callers.clear();
            unwanted = new ArrayList<>(backlog);
            backlog.clear();
        }
        ports.unbind(address);
        refused.forEach(Caller::refused);
        unwanted.forEach(MemoryChannel::reset);
        loop.run(then);
    }
}
