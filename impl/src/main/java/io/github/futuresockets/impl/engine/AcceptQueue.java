package io.github.futuresockets.impl.engine;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.transport.IoLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The consumer of the connections of a listener: a queue for {@code accept}, with the prefetched connections and the
 * pending accept. After {@code serve}, the queue is empty and passes each connection to a {@link Serving}.
 */
final class AcceptQueue implements ConnectionConsumer {
    /*
     * Pending accept. An accept takes the first connection of `ready`. If `ready` is empty, the accept is `pending`. A
     * task on a loop (`handOver`) takes the pending accept and a connection out of the queue. In most cases the loop of
     * the connection runs the task. Until the task runs, the accept stays pending: a canceller can withdraw the accept,
     * and a second accept fails. Each further connection adds a task to its own loop. So a pending accept does not wait
     * for a busy loop while another loop is free.
     *
     * Prefetch. From the first accept on, the queue wants up to `prefetch` connections before an accept asks for them.
     * Without the prefetch, a connection would wait until the user has got the connection before and has called accept
     * again. While accepts fail, the queue wants a connection for a pending accept only, because descriptors are
     * scarce.
     *
     * Stack depth. If there is a prefetched connection, an accept is complete on return. After INLINE_LIMIT such
     * accepts in a row (`inARow`), the next accept is pending. The task that completes a pending accept with a
     * dependent resets `inARow`, because the dependent then begins on a new stack. So neither the depth of the user's
     * stack nor the time that the user's code holds the thread grows with the number of prefetched connections.
     *
     * Lock: this. The source, the loops and the Serving are called without the lock.
     */
    private static final int INLINE_LIMIT = 31;

    private final DefaultServerSocket server;
    private final Engine engine;
    private final int prefetch;

    // guarded by this
    final Queue<Arrival> ready = new ArrayDeque<>();
    private @Nullable Accept pending;

    /** The receiver of all connections, set by {@link #serve}. */
    private @Nullable Serving serving;

    /** True after the first accept. */
    private boolean begun;

    private int inARow;
    private boolean closed;

    /**
     * Makes an empty queue.
     *
     * @param prefetch the number of connections to accept before the accepts of the user
     */
    AcceptQueue(DefaultServerSocket server, int prefetch) {
        this.server = server;
        this.engine = server.engine();
        this.prefetch = prefetch;
    }

    @Override
    public synchronized boolean wants(boolean failing) {
        return serving != null
                || begun && ready.size() < (failing ? 0 : prefetch)
                || pending != null && ready.isEmpty();
    }

    @Override
    public void accept(Arrival arrival) {
        Serving to;
        boolean late;
        boolean awaited;
        synchronized (this) {
            to = serving;
            late = closed;
            awaited = pending != null;
            if (!late && to == null) {
                ready.add(arrival);
            }
        }
        if (late) {
            arrival.reject();
        } else if (to != null) {
            to.accept(arrival);
        } else if (awaited) {
            schedule(null, arrival);
        }
    }

    /**
     * Returns the future of the next connection. The future fails if the listener is closed, an accept is pending, or
     * the listener is being served.
     */
    CompletableFuture<AsyncSocket> accept() {
        Accept accept = new Accept(server);
        Throwable refused;
        Arrival next = null;
        synchronized (this) {
            refused = refusal(accept);
            if (refused == null) {
                begun = true;
                next = inARow < INLINE_LIMIT ? ready.poll() : null;
                inARow += next == null ? 0 : 1;
                pending = next == null ? accept : null;
            }
        }
        if (refused != null) {
            accept.fail(refused);
            return accept;
        }
        advance(engine.currentLoop());
        DefaultSocket socket = next == null ? null : open(next, accept);
        if (socket != null) {
            accept.giveHere(socket);
        }
        return accept;
    }

    /**
     * Asks the source for connections. If an accept is pending and a connection is ready, schedules {@link #handOver}
     * on the given loop, or without one on the loop of the connection.
     */
    private void advance(@Nullable IoLoop loop) {
        Arrival first;
        synchronized (this) {
            first = pending == null ? null : ready.peek();
        }
        server.source().advance();
        if (first != null) {
            schedule(loop, first);
        }
    }

    /** Schedules {@link #handOver}. If the loop takes no task, hands over now, because no other event would. */
    private void schedule(@Nullable IoLoop loop, Arrival first) {
        try {
            (loop == null ? first.loop() : loop).defer(this::handOver);
        } catch (Throwable e) {
            Log.log(Level.DEBUG, "no task for an accept on " + server.localAddress(), e);
            handOver();
        }
    }

    /** Completes the pending accept with the first connection, if both are there. On a loop. */
    private void handOver() {
        Accept taken;
        Arrival next;
        synchronized (this) {
            taken = pending;
            next = taken == null ? null : ready.poll();
            pending = next == null ? taken : null;
            inARow = taken != null && taken.getNumberOfDependents() > 0 ? 0 : inARow;
        }
        advance(null);
        DefaultSocket socket = taken == null || next == null ? null : open(next, taken);
        if (taken != null && socket != null) {
            taken.give(socket);
        }
    }

    /**
     * Returns the socket for an accept that was taken out of the queue. Returns null if the socket cannot be made. Then
     * the accept is pending again, or fails if another accept has taken its place.
     */
    private @Nullable DefaultSocket open(Arrival next, Accept taken) {
        try {
            return next.socket();
        } catch (Throwable e) {
            boolean waits;
            synchronized (this) {
                waits = refusal(taken) == null;
                pending = waits ? taken : pending;
            }
            if (waits) {
                advance(null);
            } else {
                engine.complete(() -> taken.fail(e));
            }
            return null;
        }
    }

    /** Takes a cancelled accept out of the queue. Returns false if the accept is not pending. */
    synchronized boolean withdraw(Accept accept) {
        boolean mine = pending == accept;
        if (mine) {
            pending = null;
            inARow = 0;
        }
        return mine;
    }

    /** Passes all connections to a serving from now on. Fails the serving if the queue refuses. */
    void serve(Serving to) {
        Throwable refused;
        List<Arrival> waiting = new ArrayList<>();
        synchronized (this) {
            refused = refusal(to);
            if (refused == null) {
                serving = to;
                waiting.addAll(ready);
                ready.clear();
            }
        }
        if (refused != null) {
            to.fail(refused);
            return;
        }
        waiting.forEach(to::accept);
        server.source().advance();
    }

    /** Returns the reason why an accept or a serving cannot begin, or null. */
    private @Nullable Throwable refusal(OperationFuture<?> refused) {
        assert Thread.holdsLock(this);
        if (closed) {
            return Errors.closed(OperationFuture.nameOf(refused) + ": the listener is closed", null);
        }
        if (serving == null && pending == null) {
            return null;
        }
        String why = serving != null ? "it is being served" : "an accept is pending";
        return Errors.acceptPending(OperationFuture.nameOf(refused) + ": " + why);
    }

    @Override
    public void closed() {
        Accept failed;
        Serving over;
        List<Arrival> unwanted;
        synchronized (this) {
            closed = true;
            failed = pending;
            pending = null;
            over = serving;
            unwanted = new ArrayList<>(ready);
            ready.clear();
        }
        unwanted.forEach(Arrival::reject);
        if (failed != null) {
            IOException failure = Errors.closedMeanwhile(OperationFuture.nameOf(failed) + ": the listener was closed");
            engine.complete(() -> failed.fail(failure));
        }
        if (over != null) {
            over.closed();
        }
    }
}
