package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.ConnectionHandler;
import io.github.futuresockets.Conversation;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.TlsOptions;
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

/** The face of an {@link AcceptQueue}, and the shutdown of the connections that came from it. */
final class FutureServerSocket implements AsyncServerSocket, Owned {
    /*
     * `stopped` is set before the open connections are looked up, and looked at behind the making of one: so each is found or
     * aborted. The listener belongs to the engine until it is closed and none of its connections is open.
     */
    private final Engine engine;
    private final AcceptQueue queue;
    private final Watches<Void> stopping = new Watches<>("stopping", this);
    private final ThreadLocal<@Nullable AsyncSocket> handled = new ThreadLocal<>();
    private volatile boolean stopped;

    FutureServerSocket(Engine engine, SocketAddress local, ListenSettings settings) throws IOException {
        this.engine = engine;
        TlsOptions tls = settings.tls();
        this.queue = tls == null
                ? new AcceptQueue(engine, local, settings, this::socket, this::over)
                : new TlsAcceptQueue(this, local, settings, tls, this::over);
        try {
            engine.own(this);
        } catch (Throwable e) {
            queue.close();
            throw e;
        }
    }

    private AsyncSocket socket(Transport transport) {
        FutureSocket socket = new FutureSocket(engine, transport, this);
        accepted(socket);
        abortIfStopped(socket);
        return socket;
    }

    void accepted(FutureSocket socket) {
        engine.counters().accepted.increment();
        ChannelLoop.guard(() -> Recorder.HERE.accepted(socket.connection()));
    }

    void abortIfStopped(AsyncSocket socket) {
        if (stopped) {
            socket.abort();
        }
    }

    Engine engine() {
        return engine;
    }

    AcceptQueue queue() {
        return queue;
    }

    @Override
    public SocketAddress localAddress() {
        return queue.address();
    }

    @Override
    public int port() {
        SocketAddress address = queue.address();
        return address instanceof InetSocketAddress ? ((InetSocketAddress) address).getPort() : -1;
    }

    @Override
    public CompletableFuture<AsyncSocket> accept() {
        return queue.accept(false);
    }

    @Override
    public CompletableFuture<Void> serve(ConnectionHandler handler) {
        Serving serving = new Serving(this, Objects.requireNonNull(handler, "handler"));
        serving.begin();
        return serving;
    }

    @Override
    public CompletableFuture<Void> serve(Conversation blocking, Executor perConversation) {
        Objects.requireNonNull(blocking, "blocking");
        Objects.requireNonNull(perConversation, "perConversation");
        return serve(socket -> Serving.run(this, blocking, socket, perConversation));
    }

    /** Calls a handler; the futures of {@link #stopping} that it asks for end with its conversation. */
    <T> T handle(AsyncSocket socket, Callable<T> handler) throws Exception {
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
        Watches<Void>.Watch watch = stopping.make(engine);
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

    private void tellStopping() {
        Watches.drain(stopping).forEach(each -> engine.complete(() -> each.ready(null)));
    }

    @Override
    public void stop() {
        begin();
        tell(engine.connections(this));
    }

    /** From now on each connection is among {@link Engine#connections}, or aborted. */
    private void begin() {
        close();
        stopped = true;
    }

    private void tell(List<Connection> open) {
        tellStopping();
        open.forEach(Connection::drain);
    }

    /** No shutdown of the sockets finds it any more. */
    private void over() {
        engine.disown(this);
        stopped = true;
        tellStopping();
    }

    @Override
    public CompletableFuture<ShutdownReport> shutdown(Duration grace) {
        long nanos = Engine.nanos(Settings.notNegative(grace));
        begin();
        List<Connection> open = engine.connections(this);
        Drain drain = Drain.of(engine, open);
        tell(open);
        drain.begin(nanos);
        return drain;
    }

    @Override
    public void close() {
        queue.close();
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public String toString() {
        return "listener on " + queue.address() + (queue.isClosed() ? " closed" : "");
    }
}
