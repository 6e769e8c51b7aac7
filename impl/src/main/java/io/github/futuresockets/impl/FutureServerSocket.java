package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.spi.OperationFuture;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listener: one pending accept, and the connections that came when nobody waited any more. */
final class FutureServerSocket implements AsyncServerSocket, Engine.Owned {
    /*
     * Guarded by this object's monitor. A connection either finds the pending accept and takes it out (who takes it out
     * completes it), or is kept in `early` for the next one, at most one from each channel, since a channel is asked
     * again only for an accept that waits. After `closed` it is closed.
     */
    private static final Logger LOG = System.getLogger("io.github.futuresockets");
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final class Accept extends OperationFuture<AsyncSocket> {
        Accept() {
            super(engine);
        }

        boolean done(AsyncSocket socket) {
            return deliver(socket);
        }

        void fail(Throwable failure) {
            deliverFailure(failure);
        }

        @Override
        protected boolean withdraw() {
            synchronized (FutureServerSocket.this) {
                boolean mine = pending == this;
                if (mine) {
                    pending = null;
                }
                return mine;
            }
        }

        @Override
        protected String describe() {
            return "accept on " + address;
        }
    }

    private final Engine engine;
    private final Channels.Listener listener;
    private final SocketAddress address;
    private final Queue<Transport> early = new ArrayDeque<>();
    private @Nullable Accept pending;
    private boolean closed;
    private boolean pausing;
    private long pause;

    FutureServerSocket(Engine engine, SocketAddress local, int backlog) throws IOException {
        this.engine = engine;
        try {
            this.listener = engine.channels().listen(local, backlog, this::accepted);
        } catch (IOException | RuntimeException e) {
            BindException named = new BindException("listen on " + local + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
        this.address = listener.localAddress();
        engine.own(this);
    }

    @Override
    public SocketAddress localAddress() {
        return address;
    }

    @Override
    public int port() {
        return address instanceof InetSocketAddress ? ((InetSocketAddress) address).getPort() : -1;
    }

    @Override
    public CompletableFuture<AsyncSocket> accept() {
        Accept accept = new Accept();
        Throwable refused = null;
        Transport waiting = null;
        boolean want = false;
        synchronized (this) {
            if (closed) {
                refused = Errors.closed(accept.describe() + ": the listener is closed", null);
            } else if (pending != null) {
                refused = Errors.acceptPending(accept.describe() + ": an accept is pending");
            } else {
                waiting = early.poll();
                if (waiting == null) {
                    pending = accept;
                    want = !pausing;
                }
            }
        }
        if (refused != null) {
            accept.fail(refused);
        } else if (waiting != null) {
            accept.done(new FutureSocket(new Connection(engine, waiting)));
        } else if (want) {
            listener.want();
        }
        return accept;
    }

    private void accepted(@Nullable Transport transport, @Nullable Throwable failure) {
        if (transport == null) {
            failed(failure);
            return;
        }
        Accept taken;
        boolean late;
        synchronized (this) {
            pause = 0;
            taken = pending;
            pending = null;
            late = closed;
            if (taken == null && !late) {
                early.add(transport);
            }
        }
        if (late) {
            transport.drop();
        } else if (taken != null) {
            AsyncSocket socket = new FutureSocket(new Connection(engine, transport));
            engine.complete(() -> {
                if (!taken.done(socket)) {
                    socket.abort();
                }
            });
        }
    }

    /** Want of descriptors or memory, mostly: whoever waits goes on waiting, and so do we, but without a spin. */
    private void failed(@Nullable Throwable failure) {
        long delay;
        boolean first;
        synchronized (this) {
            if (closed || pausing) {
                return;
            }
            pausing = true;
            first = pause == 0;
            pause = pause == 0 ? FIRST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
            delay = pause;
        }
        if (first) {
            LOG.log(Level.WARNING, "accept on " + address + " failed; trying again after pauses of up to 1 s", failure);
        }
        engine.schedule(this::goOn, delay);
    }

    private void goOn() {
        synchronized (this) {
            pausing = false;
            if (closed || pending == null) {
                return;
            }
        }
        listener.want();
    }

    @Override
    public void close() {
        Accept failed;
        Queue<Transport> unwanted;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            failed = pending;
            pending = null;
            unwanted = new ArrayDeque<>(early);
            early.clear();
        }
        unwanted.forEach(Transport::drop);
        if (failed != null) {
            IOException failure = Errors.closedMeanwhile(failed.describe() + ": the listener was closed");
            engine.complete(() -> failed.fail(failure));
        }
        listener.close(() -> engine.disown(this));
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public String toString() {
        return "listener on " + address + (closed ? " closed" : "");
    }
}
