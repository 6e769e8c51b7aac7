package io.github.futuresockets.impl.connection;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.CloseReason.Kind;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.common.TruncatedStreamException;
import io.github.futuresockets.impl.observe.Recorder;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection: a transport, its read side and its write side, and the state machine of their common end. */
public final class Connection extends Endpoint implements Resource, Transport.Listener {
    /*
     * Transitions of `phase`:
     * - OPEN -> CLOSING, by close. Queued writes are flushed, then the output is ended. Input is dropped until its end.
     * - OPEN or CLOSING -> FAILING, by a failed write or connection. Reads still get the bytes that have arrived.
     * - OPEN, CLOSING or FAILING -> FAILING -> RELEASING within a single call, by an abort or a time-out (end).
     * - CLOSING or FAILING -> RELEASING, when both sides have finished (tryRelease).
     * - RELEASING -> CLOSED, when nothing is outstanding (checkReleased).
     * - OPEN -> UPGRADED, by startTls. A successor continues with the same transport, encrypted.
     * - UPGRADED -> OPEN -> FAILING, if no successor can be made (fallBack).
     * - UPGRADED -> CLOSED, when the successor is closed.
     *
     * In RELEASING the loop closes the descriptor, and the connection waits for the threads that read or write at the
     * moment. Because such a thread holds a pooled buffer, the connection must not be CLOSED before. In CLOSED the
     * waiters of closed() are notified. The order of the constants matters to the comparisons with RELEASING.
     *
     * Both sides are called without the monitor, because the sides run user code. Each side therefore accepts these
     * calls repeatedly and in any order.
     */
    private enum Phase {
        OPEN,
        CLOSING,
        FAILING,
        RELEASING,
        UPGRADED,
        CLOSED
    }

    // written under this, read by any thread
    private volatile Phase phase = Phase.OPEN;

    // written by the thread that closes the descriptor, mostly the loop; read by any thread
    private volatile boolean descriptorClosed;

    // guarded by this
    private boolean outputEnded;

    /** True if the descriptor is closed with a reset. Set together with the reason. */
    private boolean torn;

    /** Makes a connection and registers the connection with its host. {@code from} is the listener, if there is one. */
    public Connection(AsyncSocket socket, ConnectionHost engine, Transport transport, @Nullable Origin from) {
        super(socket, engine, transport, from);
        engine.register(this);
        idleTimeout(Clock.nanos(engine.settings().idleTimeout()));
    }

    /** Ends the input at the next message boundary. Aborts the connection if its transport is still opening. */
    public void drain() {
        if (transport.isOpening()) {
            abort();
        } else {
            reads.drainThenEnd(EndOfInput.REGULAR, true);
        }
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

    @Override
    public boolean isWaiting() {
        return phase.compareTo(Phase.RELEASING) < 0;
    }

    @Override
    public void stalled(long nanos) {
        late(": no byte moved", nanos);
    }

    @Override
    public void unwatched(Throwable cause) {
        IOException failure = Errors.asIOException(this + ": its time-out cannot be set", cause);
        end(new CloseReason(Kind.FAILED, failure), failure);
    }

    /**
     * Returns true if the connection has not begun to end. Because reads may see a failure of the input before the
     * phase changes, a failed input counts as an end.
     */
    @Override
    public boolean isOpen() {
        return phase == Phase.OPEN && reads.state().input().failure() == null;
    }

    @Override
    public boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /**
     * Closes in good order. If the connection has failed, drops the unread bytes and releases the connection. If the
     * transport is still opening, ends the connection at once. After an upgrade, closes the successor.
     */
    @Override
    public void close() {
        if (phase == Phase.UPGRADED) {
            forward(Connection::close);
        } else if (transport.isOpening()) {
            end(new CloseReason(Kind.CLOSED, null), Errors.closedMeanwhile("closed"));
        } else {
            close(new CloseReason(reads.state().input().isEnded() ? Kind.PEER_CLOSED : Kind.CLOSED, null));
        }
    }

    /** Closes in good order, for the given reason, unless the connection has begun to end before. */
    public void close(CloseReason why) {
        tellFailure();
        Phase before;
        synchronized (this) {
            before = phase;
            if (before == Phase.OPEN) {
                phase = Phase.CLOSING;
                reason(why);
            }
        }
        if (before == Phase.OPEN) {
            hold();
            Threads.guard(() -> reads.close(false));
            Threads.guard(writes::close);
            Threads.guard(this::tryRelease);
            limitClosing(Clock.nanos(engine.settings().closeTimeout()));
            unhold();
        } else if (before != Phase.CLOSING) {
            reads.close(true);
            release();
        }
    }

    @Override
    public void abort() {
        if (phase == Phase.UPGRADED) {
            forward(Connection::abort);
        } else {
            end(ABORTED, Errors.closedMeanwhile("aborted"));
        }
    }

    /**
     * Passes a call to the successor. Because only the loop is sure to see the successor, a call that comes too early
     * on another thread is repeated on the loop.
     */
    private void forward(Consumer<Connection> what) {
        if (last() != this) {
            what.accept(last());
        } else {
            loop().execute(() -> what.accept(last()));
        }
    }

    /**
     * Begins an upgrade, on the loop. The caller then calls {@link #upgrade(Connection)} or {@link #fallBack}.
     *
     * @return false if the connection has begun to end
     */
    public synchronized boolean upgrade() {
        boolean mine = phase == Phase.OPEN;
        phase = mine ? Phase.UPGRADED : phase;
        return mine;
    }

    /** Ends the connection after {@link #upgrade()}, because no successor can be made. On the loop. */
    public void fallBack(IOException cause) {
        synchronized (this) {
            phase = Phase.OPEN;
        }
        end(new CloseReason(Kind.FAILED, cause), cause);
    }

    /** Returns true from the beginning of an upgrade on, also after the successor has ended. */
    public boolean isUpgraded() {
        return phase == Phase.UPGRADED || last() != this;
    }

    /**
     * Makes another connection the successor, on the loop. The successor owns the transport from now on, and serves the
     * calls of close and abort. This connection is closed together with the successor.
     */
    public void upgrade(Connection successor) {
        successor(successor);
        reads.stop();
        writes.stop();
        stopIdling();
        successor.closed().whenComplete((why, none) -> closed(why));
        engine.unregister(this);
    }

    /** Ends the connection at once, with a reset, because of a time-out of {@code nanos}. */
    void late(String what, long nanos) {
        SocketTimeoutException late = Errors.stalled(this + what, nanos);
        end(new CloseReason(Kind.TIMED_OUT, late), late, true);
    }

    /**
     * Ends an orderly close that takes too long. If the output has been ended, no reset is sent, and the kernel
     * continues to send its bytes and the end.
     */
    void closeLate(String what, long nanos) {
        SocketTimeoutException late = Errors.stalled(this + what, nanos);
        boolean sent;
        synchronized (this) {
            sent = outputEnded;
        }
        end(new CloseReason(Kind.TIMED_OUT, late), late, !sent);
    }

    /** Ends the connection at once. All pending operations fail. An abort and a time-out send a reset to the peer. */
    public void end(CloseReason why, IOException cause) {
        end(why, cause, why.kind() == Kind.ABORTED || why.kind() == Kind.TIMED_OUT);
    }

    private void end(CloseReason why, IOException cause, boolean reset) {
        if (beginEnd(why, reset)) {
            finishEnd(cause);
        }
    }

    /**
     * Begins the end of the connection by a time-out, and completes no future yet.
     *
     * @return true if the caller has to call {@link #finishEnd}
     */
    boolean beginEnd(IOException late) {
        return beginEnd(new CloseReason(Kind.TIMED_OUT, late), true);
    }

    /**
     * Begins the end of the connection, and completes no future yet.
     *
     * @return true if the caller has to call {@link #finishEnd}; false if the release has begun before
     */
    private boolean beginEnd(CloseReason why, boolean reset) {
        tellFailure();
        synchronized (this) {
            if (phase.compareTo(Phase.RELEASING) >= 0) {
                return false;
            }
            if (phase != Phase.FAILING) {
                reason(why);
                torn = reset;
            }
            phase = Phase.FAILING;
            hold();
            return true;
        }
    }

    /** Fails the pending operations with {@code cause} and releases the connection, after {@link #beginEnd}. */
    void finishEnd(IOException cause) {
        Threads.guard(() -> writes.fail(cause));
        Threads.guard(() -> reads.close(true));
        release();
        unhold();
    }

    /** Ends the connection by the failure of the input that reads know already, before another reason is recorded. */
    private void tellFailure() {
        IOException failed = reads.state().input().failure();
        if (failed != null && isCut(failed)) {
            broken(failed);
        }
    }

    /**
     * Returns true if the stream stopped before its regular end. In an orderly close a missing close_notify does not
     * count.
     */
    private boolean isCut(IOException end) {
        return end != EndOfInput.REGULAR && !(phase == Phase.CLOSING && end instanceof TruncatedStreamException);
    }

    /** Fails the queued writes and begins the end of the connection. Bytes that have arrived can still be read. */
    public void fail(Kind kind, IOException cause) {
        synchronized (this) {
            if (phase != Phase.OPEN && phase != Phase.CLOSING) {
                return;
            }
            phase = Phase.FAILING;
            torn = kind == Kind.TIMED_OUT;
            reason(new CloseReason(kind, cause));
            hold();
        }
        Threads.guard(() -> writes.fail(cause));
        try {
            reads.drainThenEnd(Errors.closed("the conversation has ended: " + cause.getMessage(), cause), false);
            tryRelease();
        } catch (Throwable e) {
            unwatched(e);
        } finally {
            unhold();
        }
    }

    /** Fails the connection after a failure of the transport. */
    void broken(IOException cause) {
        fail(Errors.kindOf(cause), cause);
    }

    /** Acts on the end of the input, which is the end of stream or a failure. */
    void inputEnded(IOException end) {
        if (isCut(end) && phase != Phase.FAILING) {
            broken(end);
        } else {
            tryRelease();
        }
    }

    /** Ends the output of the transport, after all writes. Returns false if the transport has no room. */
    boolean endOutput() throws IOException {
        return transport.shutdownOutput(
                phase == Phase.CLOSING && reads.state().input().isDrained());
    }

    /** Notes that the transport has ended the output. */
    void outputEnded() {
        synchronized (this) {
            outputEnded = true;
        }
        tryRelease();
    }

    /** Releases the connection if both sides have finished. */
    private void tryRelease() {
        boolean over = reads.state().input().end() != null;
        boolean drained = reads.state().input().isDrained();
        synchronized (this) {
            if (!(phase == Phase.FAILING && over || phase == Phase.CLOSING && outputEnded && drained)) {
                return;
            }
        }
        release();
    }

    /** Closes the descriptor on the loop. If the loop takes no task any more, closes the descriptor on this thread. */
    private void release() {
        boolean reset;
        synchronized (this) {
            if (phase.compareTo(Phase.RELEASING) >= 0) {
                return;
            }
            phase = Phase.RELEASING;
            reset = torn;
        }
        reads.stop();
        writes.stop();
        stopIdling();
        stopClosing();
        try {
            transport.loop().run(() -> closeTransport(reset));
        } catch (Throwable e) {
            Log.log(Level.DEBUG, "close of " + this + " on another thread than its own", e);
            closeTransport(reset);
        }
    }

    /** Closes the transport, at once or, if the kernel sends from a file, after the send. */
    private void closeTransport(boolean reset) {
        if (!writes.state().defer(() -> closeNow(reset))) {
            closeNow(reset);
        }
    }

    private void closeNow(boolean reset) {
        try {
            transport.close(reset, this::descriptorClosed);
        } catch (Throwable e) {
            Log.log(Level.ERROR, "close of " + this, e);
            descriptorClosed();
        }
    }

    private void descriptorClosed() {
        descriptorClosed = true;
        checkReleased();
    }

    /**
     * Completes a release when the descriptor is closed, no thread reads or writes, and there is no hold. Called after
     * each of these events.
     */
    @Override
    void checkReleased() {
        if (phase != Phase.RELEASING
                || !descriptorClosed
                || reads.state().isReading()
                || writes.state().isFlushing()
                || isHeldUp()) {
            return;
        }
        if (closed(reason())) {
            stopHolding();
            writes.state().released();
            Threads.guard(transport::released);
            if (from != null) {
                Threads.guard(from::released);
            }
            engine.unregister(this);
        }
    }

    /** Moves to CLOSED and notifies the waiters. Returns false if the connection was CLOSED before. */
    private boolean closed(CloseReason why) {
        List<Waiters<CloseReason>.Watch> waiting;
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return false;
            }
            phase = Phase.CLOSED;
            reason(why);
            waiting = takeClosedWatches();
        }
        Threads.guard(
                () -> Recorder.HERE.closed(transport.localAddress(), transport.remoteAddress(), why, this::stats));
        waiting.forEach(each -> Threads.guard(() -> engine.complete(() -> each.ready(why))));
        return true;
    }

    @Override
    public String toString() {
        return transport.localAddress() + " -> " + transport.remoteAddress() + " "
                + phase.name().toLowerCase(Locale.ROOT);
    }
}
