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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who waits for connections, and those that came when nobody waited any more. */
final class AcceptQueue {
    /*
     * Guarded by this object's monitor. A connection either finds the pending accept and takes it out (who takes it out
     * completes it), or is kept in `early` for the next one, at most one from each channel, since a channel is asked
     * again only for an accept that waits. After `closed` it is closed.
     *
     * `open` counts the connections that were given out and have not ended. At the limit nobody is asked for another one; an
     * end asks again. `released` says that the channels are gone; the queue is done when none is open either.
     */
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long BETWEEN_LOGS = TimeUnit.MINUTES.toNanos(1);

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

    private final Engine engine;
    private final Channels.Listener listener;
    private final SocketAddress address;
    private final int maxConnections;
    private final Function<Transport, AsyncSocket> maker;
    private final Runnable done;
    private final Queue<Transport> early = new ArrayDeque<>();
    private @Nullable Accept pending;
    private boolean serving;
    private int open;
    private boolean closed;
    private boolean released;
    private boolean pausing;
    private long pause;
    private int failures;
    private long logged;

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
            this.listener = engine.channels().listen(local, settings, this::accepted);
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
        Transport waiting = null;
        boolean want = false;
        synchronized (this) {
            if (closed || pending != null || serving != byServing) {
                refused = refusal(accept.describe());
            } else {
                waiting = open < maxConnections ? early.poll() : null;
                if (waiting == null) {
                    pending = accept;
                    want = mayAsk();
                } else {
                    open++;
                }
            }
        }
        if (refused != null) {
            accept.fail(refused);
        } else if (waiting != null) {
            accept.done(maker.apply(waiting));
        } else if (want) {
            listener.want();
        }
        return accept;
    }

    private boolean mayAsk() {
        return pending != null && !pausing && !closed && open < maxConnections;
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
            deliver(taken, transport);
        } else if (late) {
            reject(transport);
        }
    }

    private void reject(Transport transport) {
        engine.counters().rejected.increment();
        transport.drop();
    }

    private void deliver(Accept taken, Transport transport) {
        AsyncSocket socket = maker.apply(transport);
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
            pausing = false;
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
            deliver(taken, waiting);
        } else if (want) {
            listener.want();
        }
        tellIfDone();
    }

    /** Want of descriptors or memory, mostly: whoever waits goes on waiting, and so do we, but without a spin. */
    private void failed(@Nullable Throwable failure) {
        long delay;
        int unlogged = 0;
        synchronized (this) {
            if (closed) {
                return;
            }
            engine.counters().acceptFailures.increment();
            if (pausing) {
                return;
            }
            pausing = true;
            pause = pause == 0 ? FIRST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
            delay = pause;
            failures++;
            if (logged == 0 || System.nanoTime() - logged > BETWEEN_LOGS) {
                logged = System.nanoTime();
                unlogged = failures;
                failures = 0;
            }
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
            pausing = false;
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

    private void tellIfDone() {
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
