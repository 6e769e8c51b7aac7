package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A queue that gives out connections whose handshake is done. */
final class TlsAcceptQueue extends AcceptQueue {
    /*
     * Guarded by this object's monitor. A connection counts as open from the moment it comes, and its handshake begins at once;
     * those whose handshake is done are in `opened`. While an accept is pending and there is none, others are asked for, so no
     * handshake holds up another one. Only at the limit of connections they are kept in `early`, until one has ended.
     */
    private final FutureServerSocket server;
    private final TlsOptions options;
    private final Queue<AsyncSocket> opened = new ArrayDeque<>();

    TlsAcceptQueue(
            FutureServerSocket server, SocketAddress local, ListenSettings settings, TlsOptions options, Runnable done)
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
    @Nullable Loop nextLoop() {
        AsyncSocket next = opened.peek();
        return next == null ? null : loopOf(next);
    }

    @Override
    @Nullable Supplier<AsyncSocket> takeReady() {
        AsyncSocket next = opened.poll();
        return next == null ? null : () -> next;
    }

    @Override
    boolean hasRoom() {
        return pending != null && opened.isEmpty() && open < maxConnections;
    }

    @Override
    void advance(@Nullable Loop loop) {
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

    private void open(Transport transport) {
        TlsHandshaking handshake;
        try {
            handshake = TlsHandshaking.over(engine, transport, options, server);
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

    private void opened(FutureSocket socket) {
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

    private void refused(FutureSocket socket, IOException failure) {
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
