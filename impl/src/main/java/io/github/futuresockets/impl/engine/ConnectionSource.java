package io.github.futuresockets.impl.engine;

import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The source of the connections of a listener. Accepts connections and passes each connection to a consumer. */
final class ConnectionSource {
    /*
     * Demand. The source asks the listener for a connection while the source has room and the consumer wants a
     * connection. Each change that makes room or demand is followed by a call of `advance`.
     *
     * Limit. `held` counts the connections that were passed to the consumer and have not ended. Invariant: `held` is at
     * most `maxConnections`. A listener with several channels can bring more connections than there is room for. These
     * connections wait in `surplus`, and an end of a connection passes the first of them to the consumer.
     *
     * Pause. After a failed accept, the source asks for no connection until the pause is over or a connection has
     * ended.
     *
     * Close. After `closed`, each connection that arrives is dropped. `released` is true when the listener has closed
     * its channels. The server is told when `released` is true and `held` is 0, possibly twice.
     *
     * Lock: this. The listener, the consumer and the server are called without the lock.
     */
    private final DefaultServerSocket server;
    private final Engine engine;
    private final ConnectionConsumer consumer;
    private final Network.Listener listener;
    private final SocketAddress address;
    private final int maxConnections;

    // written under this, read by any thread
    private volatile boolean closed;

    // guarded by this
    private final Queue<Transport> surplus = new ArrayDeque<>();
    private final AcceptBackoff backoff = new AcceptBackoff();
    private int held;
    private boolean released;

    /**
     * Binds and listens. Accepts no connection before {@link #advance}.
     *
     * @throws BindException if the listener cannot be opened
     */
    ConnectionSource(
            DefaultServerSocket server, SocketAddress local, ListenSettings settings, ConnectionConsumer consumer)
            throws IOException {
        this.server = server;
        this.engine = server.engine();
        this.consumer = consumer;
        this.maxConnections = settings.maxConnections();
        try {
            this.listener = engine.channels().listen(local, settings, this::answered);
        } catch (IOException | RuntimeException e) {
            BindException named = new BindException("listen on " + local + ": " + Errors.reason(e));
            named.initCause(e);
            throw named;
        }
        try {
            this.address = listener.localAddress();
        } catch (Throwable e) {
            listener.close(() -> {});
            throw e;
        }
    }

    SocketAddress address() {
        return address;
    }

    /** Receives a connection or a failure of the listener, on an I/O thread. */
    private void answered(@Nullable Transport transport, @Nullable Throwable failure) {
        if (transport == null) {
            failed(failure);
            return;
        }
        boolean late;
        synchronized (this) {
            backoff.succeeded();
            late = closed;
            if (!late) {
                surplus.add(transport);
            }
        }
        if (late) {
            drop(transport);
        } else {
            advance();
        }
    }

    /**
     * Passes a waiting connection to the consumer, and asks the listener for a connection, each if possible. Called
     * after each change that may make a step possible.
     */
    void advance() {
        Transport next;
        boolean mayAsk;
        boolean failing;
        synchronized (this) {
            next = held < maxConnections ? surplus.poll() : null;
            held += next == null ? 0 : 1;
            failing = backoff.isFailing();
            mayAsk = !closed && !backoff.isOn() && held + surplus.size() < maxConnections;
        }
        if (next != null) {
            pass(new Arrival(this, server, next));
        }
        if (mayAsk && consumer.wants(failing)) {
            try {
                listener.want();
            } catch (Throwable e) {
                failed(e);
            }
        }
    }

    /** Passes a connection to the consumer. Rejects the connection if the consumer cannot take the connection. */
    private void pass(Arrival next) {
        try {
            consumer.accept(next);
        } catch (Throwable e) {
            next.reject();
            failed(e);
        }
    }

    private void drop(Transport transport) {
        engine.counters().rejected.increment();
        Threads.guard(transport::drop);
    }

    /** Called when a connection of the consumer has ended. Ends a pause, because a descriptor is free now. */
    void ended() {
        synchronized (this) {
            held--;
            backoff.end();
        }
        advance();
        tellIfDone();
    }

    /**
     * Begins a pause after a failed accept, and tries again after the pause. Descriptors or memory are missing in most
     * cases.
     */
    void failed(@Nullable Throwable failure) {
        long delay;
        int unlogged;
        synchronized (this) {
            if (closed) {
                return;
            }
            engine.counters().acceptFailures.increment();
            if (backoff.isOn()) {
                return;
            }
            delay = backoff.begin();
            unlogged = backoff.takeUnlogged();
        }
        if (unlogged > 0) {
            Log.log(
                    Level.WARNING,
                    "accept on " + address + " failed " + unlogged + " times, now with " + failure
                            + "; it is tried again after pauses of up to 1 s",
                    null);
        }
        try {
            engine.later(this::goOn, delay);
        } catch (Throwable e) {
            goOnWithoutTimer(e);
        }
    }

    /**
     * Ends the pause if no timer can be set. An I/O thread sleeps for 5 ms instead, because otherwise the listener
     * would never accept again.
     */
    private void goOnWithoutTimer(Throwable noTimer) {
        Log.log(Level.DEBUG, "no timer for the listener on " + address, noTimer);
        engine.loops().get(0).execute(() -> {
            LockSupport.parkNanos(AcceptBackoff.FIRST);
            goOn();
        });
    }

    private void goOn() {
        synchronized (this) {
            backoff.end();
        }
        advance();
    }

    /** Closes the listener and the consumer. Connections stay open. */
    void close() {
        List<Transport> unwanted;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            unwanted = new ArrayList<>(surplus);
            surplus.clear();
        }
        unwanted.forEach(this::drop);
        Threads.guard(consumer::closed);
        listener.close(() -> {
            synchronized (this) {
                released = true;
            }
            tellIfDone();
        });
    }

    /** Notifies the server if the listener is closed and no connection is open. */
    private void tellIfDone() {
        boolean over;
        synchronized (this) {
            over = released && held == 0;
        }
        if (over) {
            server.over();
        }
    }

    boolean isClosed() {
        return closed;
    }
}
