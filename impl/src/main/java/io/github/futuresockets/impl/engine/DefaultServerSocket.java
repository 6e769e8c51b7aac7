package io.github.futuresockets.impl.engine;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.ConnectionHandler;
import io.github.futuresockets.Conversation;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.connection.Origin;
import io.github.futuresockets.impl.connection.Resource;
import io.github.futuresockets.impl.connection.Waiters;
import io.github.futuresockets.impl.observe.Recorder;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The listener: the chain from the accepted connections to their user, and the shutdown of the connections. */
final class DefaultServerSocket implements AsyncServerSocket, Resource, Origin {
    /*
     * A connection passes from the source to the queue, and with TLS through the handshakes before the queue. From the
     * queue, the connection goes to an accept or, after serve, to the handler.
     *
     * A shutdown sets `stopped`, and then collects the open connections. A new connection is registered, and then reads
     * `stopped`. So a shutdown either finds a connection or the connection is aborted.
     *
     * The listener is registered with the engine until the listener is closed and none of its connections is open.
     */
    private static final int PREFETCH = 64;

    private final Engine engine;
    private final AcceptQueue queue;
    private final ConnectionSource source;
    private final Waiters<Void> stopping = new Waiters<>("stopping", this);

    /** The socket whose handler the current thread calls, or null. */
    private final ThreadLocal<@Nullable AsyncSocket> handled = new ThreadLocal<>();

    /** True once a shutdown has begun, or the listener is closed and its last connection has ended. */
    private volatile boolean stopped;

    DefaultServerSocket(Engine engine, SocketAddress local, ListenSettings settings) throws IOException {
        this.engine = engine;
        TlsOptions tls = settings.tls();
        this.queue = new AcceptQueue(this, tls == null ? PREFETCH : 0);
        ConnectionConsumer first = tls == null ? queue : new HandshakeStage(this, tls, queue);
        this.source = new ConnectionSource(this, local, settings, first);
        try {
            engine.register(this);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    @Override
    public void released() {
        source.ended();
    }

    /** Counts and records an accepted connection. */
    void accepted(DefaultSocket socket) {
        engine.counters().accepted.increment();
        Threads.guard(() -> Recorder.HERE.accepted(socket.localAddress(), socket.remoteAddress()));
    }

    /** Aborts a new socket if a shutdown may have missed the socket. Call after the socket is registered. */
    void abortIfStopped(AsyncSocket socket) {
        if (stopped) {
            socket.abort();
        }
    }

    Engine engine() {
        return engine;
    }

    ConnectionSource source() {
        return source;
    }

    AcceptQueue queue() {
        return queue;
    }

    @Override
    public SocketAddress localAddress() {
        return source.address();
    }

    @Override
    public int port() {
        SocketAddress address = source.address();
        return address instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }

    @Override
    public CompletableFuture<AsyncSocket> accept() {
        return queue.accept();
    }

    @Override
    public CompletableFuture<Void> serve(ConnectionHandler handler) {
        Serving serving = new Serving(this, Objects.requireNonNull(handler, "handler"));
        queue.serve(serving);
        return serving;
    }

    @Override
    public CompletableFuture<Void> serve(Conversation blocking, Executor perConversation) {
        Objects.requireNonNull(blocking, "blocking");
        Objects.requireNonNull(perConversation, "perConversation");
        return serve(socket -> Serving.run(this, blocking, socket, perConversation));
    }

    /**
     * Calls a handler. Each future of {@link #stopping} that the handler asks for is cancelled when the socket has
     * closed.
     */
    <T extends @Nullable Object> T handle(AsyncSocket socket, Callable<T> handler) throws Exception {
        AsyncSocket outer = handled.get();
        handled.set(socket);
        try {
            return handler.call();
        } finally {
            if (outer == null) {
                handled.remove();
            } else {
                handled.set(outer);
            }
        }
    }

    @Override
    public CompletableFuture<Void> stopping() {
        Waiters<Void>.Watch watch = stopping.make(engine);
        stopping.add(watch);
        if (stopped) {
            tellStopping();
        }
        AsyncSocket conversation = handled.get();
        if (conversation != null && !watch.isDone()) {
            conversation.closed().whenComplete((why, failure) -> watch.cancel(false));
        }
        return watch;
    }

    /** Completes all futures of {@link #stopping}. */
    private void tellStopping() {
        Waiters.drain(stopping).forEach(each -> engine.complete(() -> each.ready(null)));
    }

    @Override
    public void stop() {
        begin();
        tell(engine.connections(this));
    }

    /** Begins a shutdown. After the call, each connection is in {@link Engine#connections} or is aborted. */
    private void begin() {
        close();
        stopped = true;
    }

    /** Notifies the handlers, and ends the input of the connections at the next message boundary. */
    private void tell(List<Connection> open) {
        tellStopping();
        open.forEach(Connection::drain);
    }

    /** Called when the listener is closed and none of its connections is open. May run twice. */
    void over() {
        engine.unregister(this);
        stopped = true;
        tellStopping();
    }

    @Override
    public CompletableFuture<ShutdownReport> shutdown(Duration grace) {
        long nanos = Clock.nanos(Settings.notNegative(grace));
        begin();
        List<Connection> open = engine.connections(this);
        ShutdownTracker drain = ShutdownTracker.of(engine, open);
        tell(open);
        drain.begin(nanos);
        return drain;
    }

    @Override
    public void close() {
        source.close();
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public String toString() {
        return "listener on " + source.address() + (source.isClosed() ? " closed" : "");
    }
}
