package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.spi.OperationFuture;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who waits for connections, and those that came when nobody waited any more. */
class AcceptQueue {
    /*
     * Guarded by this object's monitor. A connection either finds the pending accept and takes it out (who takes it out
     * completes it), or is kept in `early` for the next one, at most one from each channel, since a channel is asked
     * again only for an accept that waits. After `closed` it is closed.
     *
     * `open` counts the connections that were given out and have not ended. At the limit nobody is asked for another one; an
     * end asks again. `released` says that the channels are gone; the queue is done when none is open either.
     */
    final class Accept extends OperationFuture<AsyncSocket> {
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
            synchronized (AcceptQueue.this) {
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

    final Engine engine;
    final Channels.Listener listener;
    private final SocketAddress address;
    final int maxConnections;
    private final Function<Transport, AsyncSocket> maker;
    private final Runnable done;
    final Queue<Transport> early = new ArrayDeque<>();
    final AcceptPause pause = new AcceptPause();

    @Nullable Accept pending;

    private boolean serving;
    int open;
    boolean closed;
    private boolean released;

    /** Listens; {@code maker} makes a socket of a connection, {@code done} is called when it is closed and none is open. */
    AcceptQueue(
            Engine engine,
            SocketAddress local,
            ListenSettings settings,
            Function<Transport, AsyncSocket> maker,
            Runnable done)
            throws IOException {
        this.engine = engine;
        this.maxConnections = settings.maxConnections();
        this.maker = maker;
        this.done = done;
        try {
            this.listener = engine.channels().listen(local, settings, this::answered);
        } catch (IOException | RuntimeException e) {
            BindException named = new BindException("listen on " + local + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
        this.address = listener.localAddress();
    }

    SocketAddress address() {
        return address;
    }

    /** The next connection, for whoever accepts alone. */
    CompletableFuture<AsyncSocket> accept(boolean byServing) {
        Accept accept = new Accept();
        Throwable refused = null;
        Supplier<AsyncSocket> ready = null;
        boolean want = false;
        synchronized (this) {
            if (closed || pending != null || serving != byServing) {
                refused = refusal(accept.describe());
            } else {
                ready = takeReady();
                if (ready == null) {
                    pending = accept;
                    want = mayAsk();
                }
            }
        }
        if (refused != null) {
            accept.fail(refused);
        } else if (ready != null) {
            accept.done(ready.get());
        } else if (want) {
            listener.want();
        }
        return accept;
    }

    /** A connection that came before, which is then given out. */
    @Nullable Supplier<AsyncSocket> takeReady() {
        Transport waiting = open < maxConnections ? early.poll() : null;
        if (waiting == null) {
            return null;
        }
        open++;
        return () -> maker.apply(waiting);
    }

    final boolean mayAsk() {
        return pending != null && !pause.isOn() && !closed && open < maxConnections;
    }

    private void answered(@Nullable Transport transport, @Nullable Throwable failure) {
        if (transport == null) {
            failed(failure);
        } else {
            accepted(transport);
        }
    }

    void accepted(Transport transport) {
        Accept taken;
        boolean late;
        synchronized (this) {
            pause.succeeded();
            late = closed;
            taken = open < maxConnections ? pending : null;
            if (taken != null) {
                pending = null;
                open++;
            } else if (!late) {
                early.add(transport);
            }
        }
        if (taken != null) {
            deliver(taken, maker.apply(transport));
        } else if (late) {
            reject(transport);
        }
    }

    final void reject(Transport transport) {
        engine.counters().rejected.increment();
        transport.drop();
    }

    final void deliver(Accept taken, AsyncSocket socket) {
        engine.complete(() -> {
            if (!taken.done(socket)) {
                engine.counters().rejected.increment();
                socket.abort();
            }
        });
    }

    /** A connection has ended: there is room for another, and a descriptor too. */
    void ended() {
        Accept taken = null;
        Transport waiting = null;
        boolean want;
        synchronized (this) {
            open--;
            pause.end();
            want = mayAsk();
            if (want && !early.isEmpty()) {
                taken = pending;
                waiting = early.remove();
                pending = null;
                open++;
                want = false;
            }
        }
        if (taken != null && waiting != null) {
            deliver(taken, maker.apply(waiting));
        } else if (want) {
            listener.want();
        }
        tellIfDone();
    }

    /** Want of descriptors or memory, mostly: whoever waits goes on waiting, and so do we, but without a spin. */
    private void failed(@Nullable Throwable failure) {
        long delay;
        int unlogged;
        synchronized (this) {
            if (closed) {
                return;
            }
            engine.counters().acceptFailures.increment();
            if (pause.isOn()) {
                return;
            }
            delay = pause.begin();
            unlogged = pause.takeUnlogged();
        }
        if (unlogged > 0) {
            Log.log(
                    Level.WARNING,
                    "accept on " + address + " failed " + unlogged + " times, now with " + failure
                            + "; it is tried again after pauses of up to 1 s",
                    null);
        }
        engine.later(this::goOn, delay);
    }

    private void goOn() {
        boolean want;
        synchronized (this) {
            pause.end();
            want = mayAsk();
        }
        if (want) {
            listener.want();
        }
    }

    /** From now on only one accepts; returns why not. */
    @Nullable Throwable reserve(String what) {
        synchronized (this) {
            if (!closed && pending == null && !serving) {
                serving = true;
                return null;
            }
            return refusal(what);
        }
    }

    private Throwable refusal(String what) {
        return closed
                ? Errors.closed(what + ": the listener is closed", null)
                : Errors.acceptPending(what + ": " + (serving ? "it is being served" : "an accept is pending"));
    }

    void close() {
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
        unwanted.forEach(this::reject);
        if (failed != null) {
            IOException failure = Errors.closedMeanwhile(failed.describe() + ": the listener was closed");
            engine.complete(() -> failed.fail(failure));
        }
        listener.close(() -> {
            synchronized (this) {
                released = true;
            }
            tellIfDone();
        });
    }

    final void tellIfDone() {
        boolean over;
        synchronized (this) {
            over = released && open == 0;
        }
        if (over) {
            done.run();
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }
}
