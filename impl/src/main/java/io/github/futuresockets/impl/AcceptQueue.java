package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
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

/** Who waits for connections, and those that came before somebody did. */
class AcceptQueue {
    /*
     * Guarded by this object's monitor. A connection either finds the pending accept and takes it out (who takes it out
     * completes it), or is kept in `early` for the next one. After `closed` it is closed.
     *
     * From the first accept on the channels are asked for AHEAD connections more than somebody waits for: the next one need not
     * wait until the last has reached its user, on another thread perhaps, and he has asked again. An accept that finds one is
     * complete on return; but of so many IN_A_ROW the last ends behind its caller, so that neither his stack nor his stay on the
     * thread grows with what comes meanwhile.
     *
     * `open` counts the connections that were given out and have not ended. At the limit nobody is asked for another one; an
     * end asks again. `released` says that the channels are gone; the queue is done when none is open either.
     */
    private static final int AHEAD = 64;
    private static final int IN_A_ROW = 32;

    final Engine engine;
    private final Channels.Listener listener;
    private final SocketAddress address;
    final int maxConnections;
    private final Function<Transport, AsyncSocket> maker;
    private final Runnable done;
    final Queue<Transport> early = new ArrayDeque<>();
    private final AcceptPause pause = new AcceptPause();

    @Nullable Accept pending;

    private boolean begun;
    private int inARow;
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
        Accept accept = new Accept(this);
        Throwable refused = null;
        Supplier<AsyncSocket> ready = null;
        boolean behind = false;
        boolean want = false;
        synchronized (this) {
            if (closed || pending != null || serving != byServing) {
                refused = refusal(accept.describe());
            } else {
                begun = true;
                ready = takeReady();
                if (ready == null) {
                    pending = accept;
                    inARow = 0;
                } else {
                    behind = ++inARow % IN_A_ROW == 0;
                }
                want = mayAsk();
            }
        }
        if (want) {
            listener.want();
        }
        if (refused != null) {
            accept.fail(refused);
        } else if (ready != null) {
            AsyncSocket socket = ready.get();
            if (behind) {
                loopOf(socket).execute(() -> accept.give(socket));
            } else {
                accept.giveHere(socket);
            }
        }
        return accept;
    }

    /** Its future has been cancelled; false if a connection has taken it out already. */
    final synchronized boolean withdraw(Accept accept) {
        boolean mine = pending == accept;
        if (mine) {
            pending = null;
        }
        return mine;
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

    private boolean mayAsk() {
        return begun && !closed && !pause.isOn() && hasRoom();
    }

    /** For another connection that is not asked for yet. */
    boolean hasRoom() {
        return early.size() < AHEAD && open + early.size() < maxConnections;
    }

    private void answered(@Nullable Transport transport, @Nullable Throwable failure) {
        if (transport == null) {
            failed(failure);
        } else {
            accepted(transport);
        }
    }

    private void accepted(Transport transport) {
        boolean late;
        synchronized (this) {
            pause.succeeded();
            late = closed;
            if (!late) {
                early.add(transport);
            }
        }
        if (late) {
            reject(transport);
        } else {
            advance();
        }
    }

    private void advance() {
        Runnable next;
        boolean want;
        synchronized (this) {
            next = takeNext();
            want = mayAsk();
        }
        if (want) {
            listener.want();
        }
        if (next != null) {
            next.run();
        }
    }

    /** What is to be done with a connection now, if there is one. */
    @Nullable Runnable takeNext() {
        Accept taken = pending;
        if (taken == null || early.isEmpty() || open >= maxConnections) {
            return null;
        }
        Transport transport = early.remove();
        pending = null;
        open++;
        return () -> transport.loop().run(() -> taken.give(maker.apply(transport)));
    }

    final void reject(Transport transport) {
        engine.counters().rejected.increment();
        transport.drop();
    }

    static Loop loopOf(AsyncSocket socket) {
        return ((FutureSocket) socket).connection().transport().loop();
    }

    /** A connection has ended: there is room for another, and a descriptor too. */
    final void ended() {
        synchronized (this) {
            open--;
            pause.end();
        }
        advance();
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
        synchronized (this) {
            pause.end();
        }
        advance();
    }

    /** From now on only one accepts; returns why not. */
    synchronized @Nullable Throwable reserve(String what) {
        if (closed || pending != null || serving) {
            return refusal(what);
        }
        serving = true;
        return null;
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
