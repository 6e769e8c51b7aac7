package io.github.futuresockets.impl.engine;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Transport;
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

/** The queue of a listener: its prefetched connections and its pending accept. */
class AcceptQueue {
    /*
     * Accept. A connection of the listener is added to `early`. An accept takes the first connection of `early`. If
     * `early` is empty, the accept is `pending`.
     *
     * Pending accept. A task on a loop (`handOver`) takes the pending accept and a connection out of the queue. In most
     * cases the loop of the connection runs the task. Until the task runs, the accept stays pending: a canceller can
     * withdraw the accept, and a second accept fails. Each further connection adds a task to its own loop. So a pending
     * accept does not wait for a busy loop while another loop is free.
     *
     * Prefetch. From the first accept on, the queue takes up to PREFETCH connections from the listener before an accept
     * asks for them. Without the prefetch, a connection would wait until the user has got the connection before and has
     * called accept again. While accepts fail, the queue prefetches nothing, because descriptors are scarce.
     *
     * Stack depth. If there is a prefetched connection, an accept is complete on return. After INLINE_LIMIT such
     * accepts in a row (`inARow`), the next accept is pending. The task that completes a pending accept with a
     * dependent resets `inARow`, because the dependent then begins on a new stack. So neither the depth of the user's
     * stack nor the time that the user's code holds the thread grows with the number of prefetched connections.
     *
     * Limit. `open` counts the connections that were given out and have not ended. At `maxConnections` the queue takes
     * no further connection from the listener. The end of a connection resumes the queue.
     *
     * Close. After `closed`, each connection that arrives is rejected. `released` is true when the listener has closed
     * its channels. `done` runs when `released` is true and `open` is 0, possibly twice.
     */
    private static final int PREFETCH = 64;
    private static final int INLINE_LIMIT = 31;

    final Engine engine;
    private final Network.Listener listener;
    private final SocketAddress address;
    final int maxConnections;
    private final Function<Transport, AsyncSocket> maker;
    private final Runnable done;

    // guarded by this, down to `released`
    final Queue<Transport> early = new ArrayDeque<>();
    private final AcceptBackoff pause = new AcceptBackoff();

    @Nullable Accept pending;

    /** True after the first accept. */
    private boolean begun;

    private int inARow;

    /** True if the accepts belong to a {@link Serving}. */
    private boolean serving;

    int open;
    boolean closed;
    private boolean released;

    /**
     * Binds and listens.
     *
     * @param maker makes the socket of a connection
     * @param done runs when the queue is closed and none of its connections is open, possibly twice
     * @throws BindException if the listener cannot be opened
     */
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

    /**
     * Returns the future of the next connection. The future fails if the queue is closed, an accept is pending, or the
     * queue is reserved and the caller is not its {@link Serving}.
     */
    CompletableFuture<AsyncSocket> accept(boolean byServing) {
        Accept accept = new Accept(this);
        Throwable refused = null;
        Supplier<AsyncSocket> ready = null;
        synchronized (this) {
            if (closed || pending != null || serving != byServing) {
                refused = refusal(accept.describe());
            } else {
                begun = true;
                ready = inARow < INLINE_LIMIT ? takeReady() : null;
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

    /**
     * Makes the socket for an accept that was taken out of the queue. Returns null if the socket cannot be made. Then
     * the accept is pending again, or fails if the queue is closed or another accept is pending.
     */
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

    /** Takes a cancelled accept out of the queue. Returns false if the accept is not pending. */
    final synchronized boolean withdraw(Accept accept) {
        boolean mine = pending == accept;
        if (mine) {
            pending = null;
            inARow = 0;
        }
        return mine;
    }

    /** Returns the loop of the first connection that an accept can take, or null. */
    @Nullable IoLoop nextLoop() {
        assert Thread.holdsLock(this);
        Transport next = open < maxConnections ? early.peek() : null;
        return next == null ? null : next.loop();
    }

    /** Takes out the first connection. Returns the maker of its socket, to be called without the lock, or null. */
    @Nullable Supplier<AsyncSocket> takeReady() {
        assert Thread.holdsLock(this);
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

    /** Returns true if the listener is to accept a connection now. */
    private boolean mayAsk() {
        assert Thread.holdsLock(this);
        return begun && !closed && !pause.isOn() && hasRoom();
    }

    /** Returns true if the queue has room for one more connection of the listener. */
    boolean hasRoom() {
        assert Thread.holdsLock(this);
        int most = !pause.isFailing() ? PREFETCH : pending != null ? 1 : 0;
        return early.size() < Math.min(most, maxConnections - open);
    }

    /** Receives a connection or a failure of the listener, on an I/O thread. */
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

    /**
     * Asks the listener for connections if there is room. If an accept is pending and a connection is ready, schedules
     * {@link #handOver} on the given loop, or without one on the loop of the connection.
     */
    void advance(@Nullable IoLoop loop) {
        IoLoop next;
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

    /** Completes the pending accept with the first connection, if both are there. On a loop. */
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

    /** Closes a connection that gets no socket, and counts a rejected connection. */
    final void reject(Transport transport) {
        engine.counters().rejected.increment();
        transport.drop();
    }

    static IoLoop loopOf(AsyncSocket socket) {
        return ((DefaultSocket) socket).connection().transport().loop();
    }

    /** Called when a connection of this queue has ended. Ends a pause, because a descriptor is free now. */
    final void ended() {
        synchronized (this) {
            open--;
            pause.end();
        }
        advance(null);
        tellIfDone();
    }

    /**
     * Begins a pause after a failed accept. Descriptors or memory are missing in most cases. A pending accept stays
     * pending, and the queue tries again after the pause.
     */
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
            pause.end();
        }
        advance(null);
    }

    /** Reserves the queue for a {@link Serving}. Returns null, or the reason of a refusal. */
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

    /** Closes the listener, rejects the prefetched connections and fails the pending accept. Connections stay open. */
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

    /** Runs {@code done} if the listener is closed and no connection is open. */
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
