package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who waits for connections, and those that came before somebody did. */
class AcceptQueue {
    /*
     * Guarded by this object's monitor. Connections come into `early`; an accept takes the first of them, and is `pending` while
     * there is none. After `closed` they are closed.
     *
     * A pending accept gets its connection by a task, mostly of that connection's thread, and is pending until that runs, which may
     * be a while: it can be cancelled, and is in the way of a second one. Each connection that comes meanwhile brings such a task, so
     * no accept waits for a thread that is busy while another is not.
     *
     * From the first accept on, up to AHEAD connections are taken before anybody waits for them. Otherwise the next one would
     * wait until the last has reached its user, on another thread perhaps, and he has asked again. An accept that finds one is
     * complete on return; but after IN_A_ROW of those the next are pending all the same, until a task has found one with a
     * dependent, which then begins on a stack of its own: neither the caller's stack nor his stay on the thread grows with what
     * comes meanwhile. Where accepting fails nobody is taken ahead, in order to leave descriptors to others.
     *
     * `open` counts the connections that were given out and have not ended. At the limit nobody is asked for another one; an
     * end asks again. `released` says that the channels are gone; the queue is done when none is open either.
     */
    private static final int AHEAD = 64;
    private static final int IN_A_ROW = 31;

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

    /** The next connection, for whoever accepts alone. */
    CompletableFuture<AsyncSocket> accept(boolean byServing) {
        Accept accept = new Accept(this);
        Throwable refused = null;
        Supplier<AsyncSocket> ready = null;
        synchronized (this) {
            if (closed || pending != null || serving != byServing) {
                refused = refusal(accept.describe());
            } else {
                begun = true;
                ready = inARow < IN_A_ROW ? takeReady() : null;
                inARow += ready == null ? 0 : 1;
                pending = ready == null ? accept : null;
            }
        }
        if (refused != null) {
            accept.fail(refused);
        } else {
            advance(engine.currentLoop());
        }
        if (ready != null) {
            AsyncSocket socket = make(accept, ready);
            if (socket != null) {
                accept.giveHere(socket);
            }
        }
        return accept;
    }

    /** The socket for an accept that has been taken out; null if that cannot be made, and then the accept waits for the next. */
    private @Nullable AsyncSocket make(Accept taken, Supplier<AsyncSocket> ready) {
        try {
            return ready.get();
        } catch (Throwable e) {
            boolean waits;
            synchronized (this) {
                open--;
                waits = !closed && pending == null;
                pending = waits ? taken : pending;
            }
            failed(e);
            if (!waits) {
                engine.complete(() -> taken.fail(e));
            }
            tellIfDone();
            return null;
        }
    }

    /** Its future has been cancelled; false if it has got a connection already. */
    final synchronized boolean withdraw(Accept accept) {
        boolean mine = pending == accept;
        if (mine) {
            pending = null;
            inARow = 0;
        }
        return mine;
    }

    /** The loop of the connection that is next; null if there is none. */
    @Nullable Loop nextLoop() {
        Transport next = open < maxConnections ? early.peek() : null;
        return next == null ? null : next.loop();
    }

    /** Takes out the connection that is next. */
    @Nullable Supplier<AsyncSocket> takeReady() {
        Transport next = open < maxConnections ? early.poll() : null;
        if (next == null) {
            return null;
        }
        open++;
        return () -> {
            try {
                return maker.apply(next);
            } catch (Throwable e) {
                reject(next);
                throw e;
            }
        };
    }

    private boolean mayAsk() {
        return begun && !closed && !pause.isOn() && hasRoom();
    }

    /** For another connection that is not asked for yet. */
    boolean hasRoom() {
        int most = !pause.isFailing() ? AHEAD : pending != null ? 1 : 0;
        return early.size() < Math.min(most, maxConnections - open);
    }

    private void answered(@Nullable Transport transport, @Nullable Throwable failure) {
        if (transport == null) {
            failed(failure);
            return;
        }
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
            advance(transport.loop());
        }
    }

    /** Goes on with what is there: asks for more, and has a task of that loop, or of the next connection's, hand over. */
    void advance(@Nullable Loop loop) {
        Loop next;
        boolean want;
        synchronized (this) {
            next = pending == null ? null : nextLoop();
            want = mayAsk();
        }
        if (want) {
            want();
        }
        if (next != null) {
            (loop == null ? next : loop).defer(this::handOver);
        }
    }

    private void want() {
        try {
            listener.want();
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void handOver() {
        Accept taken;
        Supplier<AsyncSocket> ready;
        synchronized (this) {
            taken = pending;
            ready = taken == null ? null : takeReady();
            pending = ready == null ? taken : null;
            inARow = taken != null && taken.getNumberOfDependents() > 0 ? 0 : inARow;
        }
        advance(null);
        AsyncSocket socket = taken == null || ready == null ? null : make(taken, ready);
        if (taken != null && socket != null) {
            taken.give(socket);
        }
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
        advance(null);
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
        try {
            engine.later(this::goOn, delay);
        } catch (Throwable e) {
            goOnWithoutTimer(e);
        }
    }

    /** Neither a connection can be accepted nor a thread be started: an I/O thread waits instead, or the listener would be deaf. */
    private void goOnWithoutTimer(Throwable noTimer) {
        Log.log(Level.DEBUG, "no timer for the listener on " + address, noTimer);
        engine.loops().get(0).execute(() -> {
            LockSupport.parkNanos(AcceptPause.FIRST);
            goOn();
        });
    }

    private void goOn() {
        synchronized (this) {
            pause.end();
        }
        advance(null);
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
