package io.github.futuresockets.impl.connection;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.CloseReason.Kind;
import io.github.futuresockets.SocketStats;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.Transport;
import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection: a transport, its read side and its write side, its idle time-out, and its end. */
public final class Connection implements Resource, Transport.Listener, StallTimer.Watched {
    private static final AtomicReferenceFieldUpdater<Connection, ConnectionEnd> END =
            AtomicReferenceFieldUpdater.newUpdater(Connection.class, ConnectionEnd.class, "end");

    /** The listener that accepted the connection, or null. */
    public final @Nullable Origin from;

    final ConnectionHost engine;
    final Transport transport;
    final InlineBudget budget = new InlineBudget();
    private final ReadSide reads;
    private final WriteSide writes;

    /** The reference to the user's socket, or null if no leak is detected. Kept reachable here. */
    private final @Nullable SocketReference socket;

    // written under this, read by any thread
    private volatile @Nullable StallTimer idle;

    // set once by END, by any thread; without the monitor, because reads note failures under their own lock
    private volatile @Nullable ConnectionEnd end;

    // guarded by the owner of the ConnectionList
    /** The neighbours in the list of connections. */
    @Nullable Connection before;

    @Nullable Connection after;

    /** Makes a connection and registers the connection with its host. {@code from} is the listener, if there is one. */
    public Connection(AsyncSocket socket, ConnectionHost engine, Transport transport, @Nullable Origin from) {
        Settings settings = engine.settings();
        this.engine = engine;
        this.transport = transport;
        this.from = from;
        this.reads = new ReadSide(this, Clock.nanos(settings.readTimeout()));
        this.writes = new WriteSide(this, Clock.nanos(settings.writeTimeout()));
        this.socket = transport.loop().isWatched() ? LeakDetector.JVM.reference(socket, this) : null;
        try {
            transport.listen(this);
            engine.register(this);
            idleTimeout(Clock.nanos(settings.idleTimeout()));
        } catch (Throwable e) {
            unmake();
            throw e;
        }
    }

    /** Withdraws the registrations of a connection that could not be made. The caller drops the transport. */
    private void unmake() {
        if (socket != null) {
            socket.clear();
        }
        StallTimer timer = idle;
        if (timer != null) {
            timer.stop();
        }
        engine.unregister(this);
    }

    @Override
    public ConnectionHost engine() {
        return engine;
    }

    @Override
    public IoLoop loop() {
        return transport.loop();
    }

    /** Returns the context of the futures of this connection. */
    public IoContext context() {
        return transport.loop().context();
    }

    public Transport transport() {
        return transport;
    }

    public ReadSide reads() {
        return reads;
    }

    public WriteSide writes() {
        return writes;
    }

    /** Returns true if {@code listener} accepted the connection. */
    public boolean isFrom(Origin listener) {
        return from == listener;
    }

    @Override
    public SocketStats stats() {
        return reads.state().stats(writes.state());
    }

    /** Returns the end of this connection, which may not have begun. */
    ConnectionEnd ending() {
        ConnectionEnd made = end;
        if (made == null) {
            END.compareAndSet(this, null, new ConnectionEnd(this));
            made = Objects.requireNonNull(end);
        }
        return made;
    }

    /**
     * Returns true if the connection has not begun to end. Because reads may see a failure of the input before the
     * end begins, a failed input counts as an end.
     */
    public boolean isOpen() {
        ConnectionEnd made = end;
        return (made == null || made.isOpen()) && reads.state().input().failure() == null;
    }

    /** Returns true until the release of the connection begins. */
    @Override
    public boolean isWaiting() {
        ConnectionEnd made = end;
        return made == null || made.isWaiting();
    }

    /** Returns true if the connection is closed and released. */
    public boolean isClosed() {
        ConnectionEnd made = end;
        return made != null && made.isClosed();
    }

    /** Returns true if no operation and no waiter is pending. */
    boolean isIdle() {
        boolean reading = reads.state().isTaken() || reads.hasWaiters();
        WriteState output = writes.state();
        return !(reading || output.isWaiting() || output.isUpgrading() || writes.hasWaiters());
    }

    /** Returns the reason of the end. */
    CloseReason reason() {
        ConnectionEnd made = end;
        return made == null ? ConnectionEnd.ABORTED : made.reason();
    }

    /** Returns a future of the end, completed when the connection is closed and released. */
    public Waiters<CloseReason>.Watch closed() {
        return ending().release.closed();
    }

    /**
     * Notes a failure of an operation that comes from the connection, its peer or its time-outs. Returns the failure.
     */
    public <E extends Throwable> E own(E failure) {
        if (from != null) {
            ending().own(failure);
        }
        return failure;
    }

    /** Makes and notes a failure as {@link #own} does. Returns the failure, or what was thrown instead. */
    Throwable makeOwn(Supplier<? extends IOException> failure) {
        try {
            return own(failure.get());
        } catch (Throwable e) {
            return e;
        }
    }

    /** Returns true if a failure, or a cause of the failure, was noted by {@link #own}. */
    public boolean isOwn(Throwable failure) {
        ConnectionEnd made = end;
        return made != null && made.isOwn(failure);
    }

    /**
     * Runs a completion on this thread, or in the user's executor if there is an executor. The futures of
     * {@link #closed} complete after the completion. Does not throw.
     */
    public void complete(Runnable completion) {
        if (!engine.completesElsewhere()) {
            Threads.guard(completion);
            return;
        }
        hold();
        Threads.guard(() -> engine.complete(() -> {
            Threads.guard(completion);
            unhold();
        }));
    }

    /** Delays the end of the connection until {@link #unhold}, for an ending thread or a pending completion. */
    public void hold() {
        ending().release.hold();
    }

    /** Ends a {@link #hold}. */
    public void unhold() {
        ending().release.unhold();
    }

    /** Ends the hold of a thread that was reading or flushing at the moment of the release. */
    void workDone() {
        ending().release.workDone();
    }

    /** Sets the idle time-out: the connection ends when no byte has moved for {@code nanos}. 0 means no time-out. */
    public void idleTimeout(long nanos) {
        StallTimer timer;
        synchronized (this) {
            timer = idle;
            if (timer == null) {
                if (nanos == 0 || !isWaiting()) {
                    return;
                }
                timer = new StallTimer(this, nanos);
                idle = timer;
            }
        }
        timer.limit(nanos);
    }

    /** Replaces the idle timer of this connection with a timer shared by two connections. */
    void idleTimer(StallTimer shared) {
        StallTimer own;
        synchronized (this) {
            own = idle;
            idle = shared;
        }
        if (own != null && own != shared) {
            own.stop();
        }
    }

    /** Stops the timers of both sides and of the idle connection. A shared timer stops after both connections. */
    void stopTimers() {
        reads.stop();
        writes.stop();
        StallTimer timer = idle;
        if (timer != null) {
            timer.stopUnlessNeeded();
        }
    }

    /** Notes for the idle time-out that a byte moved. */
    void moved() {
        StallTimer timer = idle;
        if (timer != null) {
            timer.progress();
        }
    }

    /** Notes for the close deadline that a byte was sent. */
    void left() {
        ConnectionEnd made = end;
        if (made != null) {
            made.sent();
        }
    }

    @Override
    public void stalled(long nanos) {
        IOException late = Errors.stalled(this + ": no byte moved", nanos);
        end(new CloseReason(Kind.TIMED_OUT, late), late);
    }

    @Override
    public void unwatched(Throwable cause) {
        IOException failure = Errors.asIOException(this + ": its time-out cannot be set", cause);
        end(new CloseReason(Kind.FAILED, failure), failure);
    }

    @Override
    public void readable() {
        reads.onReadable();
    }

    @Override
    public void writable() {
        writes.onWritable();
    }

    @Override
    public void received() {
        reads.progress();
    }

    @Override
    public void sent() {
        writes.progress();
    }

    /** Ends the input at the next message boundary. Aborts the connection if its transport is still opening. */
    public void drain() {
        if (transport.isOpening()) {
            abort();
        } else {
            reads.drainThenEnd(EndOfInput.REGULAR, true);
        }
    }

    /**
     * Closes in good order. If the connection has failed, drops the unread bytes and releases the connection. If the
     * transport is still opening, ends the connection at once. After an upgrade, closes the successor.
     */
    public void close() {
        ending().close();
    }

    /** Closes in good order, for the given reason, unless the connection has begun to end before. */
    public void close(CloseReason why) {
        ending().close(why);
    }

    /** Ends the connection at once, or its successor after an upgrade. */
    @Override
    public void abort() {
        ending().abort();
    }

    /** Ends the connection at once. All pending operations fail. An abort and a time-out send a reset to the peer. */
    public void end(CloseReason why, IOException cause) {
        ending().end(why, cause);
    }

    /** Fails the queued writes and begins the end of the connection. Bytes that have arrived can still be read. */
    public void fail(Kind kind, IOException cause) {
        ending().fail(kind, cause);
    }

    /** Fails the connection after a failure of the transport. */
    void broken(IOException cause) {
        ending().fail(Errors.kindOf(cause), cause);
    }

    /** Notes that the transport has ended the output. */
    void outputEnded() {
        ending().outputEnded();
    }

    /** Returns the last of the successors, or this connection if there is no successor. */
    public Connection last() {
        ConnectionEnd made = end;
        Connection next = made == null ? null : made.successor();
        return next == null ? this : next.last();
    }

    /**
     * Begins an upgrade, on the loop. The caller then calls {@link #upgrade(Connection)} or {@link #fallBack}.
     *
     * @return false if the connection has begun to end
     */
    public boolean upgrade() {
        return ending().upgrade();
    }

    /** Ends the connection after {@link #upgrade()}, because no successor can be made. On the loop. */
    public void fallBack(IOException cause) {
        ending().fallBack(cause);
    }

    /**
     * Makes another connection the successor, on the loop. The successor owns the transport from now on, and serves the
     * calls of close and abort. This connection is closed together with the successor.
     */
    public void upgrade(Connection successor) {
        ending().upgrade(successor);
        engine.unregister(this);
    }

    @Override
    public String toString() {
        String phase = end == null ? "open" : end.phase().toLowerCase(Locale.ROOT);
        return transport.localAddress() + " -> " + transport.remoteAddress() + " " + phase;
    }
}
