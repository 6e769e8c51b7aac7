package io.github.futuresockets.impl.engine;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The queue of a TLS listener. Gives a connection out after its handshake. */
final class TlsAcceptQueue extends AcceptQueue {
    /*
     * A connection counts as open on arrival, and its handshake begins at once. After the handshake, the socket is
     * added to `opened`. While an accept is pending and `opened` is empty, the queue takes further connections from the
     * listener. So a slow handshake does not delay other handshakes. A connection stays in `early` only while `open` is
     * at `maxConnections`.
     */
    private final DefaultServerSocket server;
    private final TlsOptions options;

    // guarded by this
    private final Queue<AsyncSocket> opened = new ArrayDeque<>();

    TlsAcceptQueue(
            DefaultServerSocket server, SocketAddress local, ListenSettings settings, TlsOptions options, Runnable done)
            throws IOException {
        super(
                server.engine(),
                local,
                settings,
                transport -> {
                    throw new IllegalStateException("a connection without a handshake");
                },
                done);
        this.server = server;
        this.options = options;
    }

    @Override
    @Nullable IoLoop nextLoop() {
        assert Thread.holdsLock(this);
        AsyncSocket next = opened.peek();
        return next == null ? null : loopOf(next);
    }

    @Override
    @Nullable Supplier<AsyncSocket> takeReady() {
        assert Thread.holdsLock(this);
        AsyncSocket next = opened.poll();
        return next == null ? null : () -> next;
    }

    @Override
    boolean hasRoom() {
        assert Thread.holdsLock(this);
        return pending != null && opened.isEmpty() && open < maxConnections;
    }

    @Override
    void advance(@Nullable IoLoop loop) {
        Transport next;
        synchronized (this) {
            next = open < maxConnections ? early.poll() : null;
            open += next == null ? 0 : 1;
        }
        super.advance(loop);
        if (next != null) {
            next.loop().run(() -> open(next));
        }
    }

    /** Begins the handshake of a connection, on its loop. */
    private void open(Transport transport) {
        TlsSocketOpening handshake;
        try {
            handshake = TlsSocketOpening.over(engine, transport, options, server);
        } catch (Throwable e) {
            Log.log(Level.ERROR, "the handshake with " + transport.remoteAddress() + " cannot begin", e);
            reject(transport);
            ended();
            return;
        }
        server.abortIfStopped(handshake.socket());
        handshake.begin(failure -> {
            if (failure == null) {
                opened(handshake.socket());
            } else {
                refused(handshake.socket(), failure);
            }
        });
    }

    /** Adds a socket after its handshake, or aborts the socket if the queue is closed. */
    private void opened(DefaultSocket socket) {
        server.accepted(socket);
        boolean late;
        synchronized (this) {
            late = closed;
            if (!late) {
                opened.add(socket);
            }
        }
        if (late) {
            reject(socket);
        } else {
            advance(loopOf(socket));
        }
    }

    private void reject(AsyncSocket socket) {
        engine.counters().rejected.increment();
        socket.abort();
    }

    /** Counts and reports a failed handshake. */
    private void refused(DefaultSocket socket, IOException failure) {
        engine.counters().rejected.increment();
        engine.complete(() -> Serving.tell(engine, "the handshake of ", socket, failure, true));
    }

    @Override
    void close() {
        super.close();
        Queue<AsyncSocket> unwanted;
        synchronized (this) {
            unwanted = new ArrayDeque<>(opened);
            opened.clear();
        }
        unwanted.forEach(this::reject);
    }
}
