package io.github.futuresockets.impl;

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

/** A listener in memory: a backlog, and behind it those who have to wait until there is room in it. */
final class MemoryListener implements Channels.Listener {
    /*
     * Guarded by this object's monitor. Connections are established in `backlog` and given out one for each `wanted`. Callbacks
     * are tasks of the loops, under no lock.
     */

    /** Somebody who connects. */
    static final class Caller {
        private final MemoryChannel near;
        private final MemoryChannel far;
        private final Loop loop;
        private final Channels.ConnectCallback callback;
        private boolean answered;

        Caller(MemoryChannel near, MemoryChannel far, Loop loop, Channels.ConnectCallback callback) {
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
    private final Loop loop;
    private final Map<SocketOption<?>, Object> options;
    private final ListenSettings settings;
    private final Channels.AcceptCallback callback;
    private final InetSocketAddress address;
    private final Queue<MemoryChannel> backlog = new ArrayDeque<>();
    private final Queue<Caller> callers = new ArrayDeque<>();
    private boolean wanted;
    private boolean closed;

    MemoryListener(
            MemoryPorts ports,
            Loop loop,
            InetSocketAddress local,
            Map<SocketOption<?>, Object> options,
            ListenSettings settings,
            Channels.AcceptCallback callback)
            throws BindException {
        this.ports = ports;
        this.loop = loop;
        this.options = options;
        this.settings = settings;
        this.callback = callback;
        this.address = ports.bind(local, this);
    }

    Loop loop() {
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

    /** Those whom nobody has accepted see a reset, as over TCP. */
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
