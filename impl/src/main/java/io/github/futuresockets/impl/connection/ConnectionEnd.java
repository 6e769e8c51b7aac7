package io.github.futuresockets.impl.connection;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.CloseReason.Kind;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.OwnFailures;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.common.TruncatedStreamException;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection: the state machine that ends both sides together. Made for the first event that may be a part
 * of an end, because an idle connection needs none. Without this object a connection is open.
 */
final class ConnectionEnd {
    /*
     * Transitions of `phase`:
     * - OPEN -> CLOSING, by close. Queued writes are flushed, then the output is ended. Input is dropped until its end.
     * - OPEN or CLOSING -> FAILING, by a failed write or connection. Reads still get the bytes that have arrived.
     * - OPEN, CLOSING or FAILING -> FAILING -> RELEASING within a single call, by an abort or a time-out (end).
     * - CLOSING or FAILING -> RELEASING, when both sides have finished (tryRelease).
     * - RELEASING -> CLOSED, by the last release of a hold (released).
     * - OPEN -> UPGRADED, by startTls. A successor continues with the same transport, encrypted.
     * - UPGRADED -> OPEN -> FAILING, if no successor can be made (fallBack).
     * - UPGRADED -> CLOSED, by the last release of a hold, after the successor is closed.
     *
     * In RELEASING the loop closes the descriptor, no further read or flush begins, and the threads that read or flush
     * at the moment have holds. Because such a thread has a pooled buffer, the connection must not be CLOSED before. In
     * CLOSED the waiters of closed() are notified. The order of the constants matters to the comparisons with
     * RELEASING.
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

    static final CloseReason ABORTED = new CloseReason(Kind.ABORTED, null);

    final Connection connection;

    /** The holds and the waiters of the end. */
    final Release release;

    // written under this, read by any thread
    private volatile Phase phase = Phase.OPEN;
    private volatile @Nullable CloseDeadline deadline;

    // set once by the loop, read by any thread
    /** The connection that continues with the transport after an upgrade. */
    private volatile @Nullable Connection successor;

    // guarded by this
    private CloseReason reason = ABORTED;
    private boolean outputEnded;

    /** True if the descriptor is closed with a reset. Set together with the reason. */
    private boolean torn;

    /** The last failures of operations that come from the connection. */
    private @Nullable OwnFailures failures;

    ConnectionEnd(Connection connection) {
        this.connection = connection;
        this.release = new Release(connection, this);
    }

    /** Returns the name of the phase, for messages. */
    String phase() {
        return phase.name();
    }

    /** Returns true if the end has not begun. */
    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Returns true until the release begins. */
    boolean isWaiting() {
        return phase.compareTo(Phase.RELEASING) < 0;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    synchronized CloseReason reason() {
        return reason;
    }

    synchronized void own(Throwable failure) {
        if (failures == null) {
            failures = new OwnFailures();
        }
        failures.add(failure);
    }

    synchronized boolean isOwn(Throwable failure) {
        return failures != null && failures.include(failure);
    }

    void close() {
        if (phase == Phase.UPGRADED) {
            forward(Connection::close);
        } else if (connection.transport.isOpening()) {
            end(new CloseReason(Kind.CLOSED, null), Errors.closedMeanwhile("closed"));
        } else {
            close(new CloseReason(input().isEnded() ? Kind.PEER_CLOSED : Kind.CLOSED, null));
        }
    }

    void close(CloseReason why) {
        tellFailure();
        Phase before;
        synchronized (this) {
            before = phase;
            if (before == Phase.OPEN) {
                phase = Phase.CLOSING;
                reason = why;
                release.hold();
            }
        }
        if (before == Phase.OPEN) {
            Threads.guard(() -> connection.reads().close(false));
            Threads.guard(connection.writes()::close);
            Threads.guard(this::tryRelease);
            limit(Clock.nanos(connection.engine().settings().closeTimeout()));
            release.unhold();
        } else if (before == Phase.UPGRADED) {
            forward(Connection::close);
        } else if (before != Phase.CLOSING) {
            connection.reads().close(true);
            beginRelease();
        }
    }

    void abort() {
        if (phase != Phase.UPGRADED) {
            end(ABORTED, Errors.closedMeanwhile("aborted"));
        }
        // An upgrade may have come first. Then the end has had no effect.
        if (phase == Phase.UPGRADED) {
            forward(Connection::abort);
        }
    }

    /**
     * Starts the close deadline, unless the close is complete. Called after the first steps of a close, because a timer
     * costs more than a close that completes at once. 0 means no deadline.
     */
    private void limit(long nanos) {
        try {
            synchronized (this) {
                if (nanos != 0 && isWaiting()) {
                    CloseDeadline begun = new CloseDeadline(this, nanos);
                    deadline = begun;
                    begun.arm();
                }
            }
        } catch (Throwable e) {
            connection.unwatched(e);
        }
    }

    /** Notes for the close deadline that a byte was sent. */
    void sent() {
        CloseDeadline underWay = deadline;
        if (underWay != null) {
            underWay.progress();
        }
    }

    @Nullable Connection successor() {
        return successor;
    }

    /**
     * Passes a call to the successor. Because only the loop is sure to see the successor, a call that comes too early
     * on another thread is repeated on the loop.
     */
    private void forward(Consumer<Connection> what) {
        if (successor != null) {
            what.accept(connection.last());
        } else {
            connection.loop().execute(() -> what.accept(connection.last()));
        }
    }

    synchronized boolean upgrade() {
        boolean mine = phase == Phase.OPEN;
        phase = mine ? Phase.UPGRADED : phase;
        return mine;
    }

    void fallBack(IOException cause) {
        synchronized (this) {
            phase = phase == Phase.UPGRADED ? Phase.OPEN : phase;
        }
        end(new CloseReason(Kind.FAILED, cause), cause);
    }

    /**
     * Passes the transport to the successor. The descriptor counts as closed when the successor is closed. Without
     * effect if the method throws, so that the caller can repeat the call.
     */
    void upgrade(Connection next) {
        connection.stopTimers();
        next.closed().whenComplete((why, none) -> {
            synchronized (this) {
                reason = why;
            }
            release.descriptorClosed();
        });
        successor = next;
    }

    /**
     * Ends an orderly close that takes too long. If the output has been ended, no reset is sent, and the kernel
     * continues to send its bytes and the end.
     */
    void closeLate(String what, long nanos) {
        IOException late = Errors.stalled(connection + what, nanos);
        boolean sent;
        synchronized (this) {
            sent = outputEnded;
        }
        end(new CloseReason(Kind.TIMED_OUT, late), late, !sent);
    }

    void end(CloseReason why, IOException cause) {
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
            if (!isWaiting()) {
                return false;
            }
            if (phase != Phase.FAILING) {
                reason = why;
                torn = reset;
            }
            phase = Phase.FAILING;
            release.hold();
            return true;
        }
    }

    /** Fails the pending operations with {@code cause} and releases the connection, after {@link #beginEnd}. */
    void finishEnd(IOException cause) {
        Threads.guard(() -> connection.writes().fail(cause));
        Threads.guard(() -> connection.reads().close(true));
        beginRelease();
        release.unhold();
    }

    private EndOfInput input() {
        return connection.reads().state().input();
    }

    /** Ends the connection by the failure of the input that reads know already, before another reason is recorded. */
    private void tellFailure() {
        IOException failed = input().failure();
        if (failed != null && isCut(failed)) {
            fail(Errors.kindOf(failed), failed);
        }
    }

    /**
     * Returns true if the stream stopped before its regular end. In an orderly close a missing close_notify does not
     * count.
     */
    private boolean isCut(IOException ending) {
        return ending != EndOfInput.REGULAR && !(phase == Phase.CLOSING && ending instanceof TruncatedStreamException);
    }

    /** Fails the queued writes and begins the end of the connection. Bytes that have arrived can still be read. */
    void fail(Kind kind, IOException cause) {
        synchronized (this) {
            if (phase != Phase.OPEN && phase != Phase.CLOSING) {
                return;
            }
            phase = Phase.FAILING;
            torn = kind == Kind.TIMED_OUT;
            reason = new CloseReason(kind, cause);
            release.hold();
        }
        Threads.guard(() -> connection.writes().fail(cause));
        try {
            IOException ending = Errors.closed("the conversation has ended: " + cause.getMessage(), cause);
            connection.reads().drainThenEnd(ending, false);
            tryRelease();
        } catch (Throwable e) {
            connection.unwatched(e);
        } finally {
            release.unhold();
        }
    }

    /** Acts on the end of the input, which is the end of stream or a failure. */
    void inputEnded(IOException ending) {
        if (isCut(ending) && phase != Phase.FAILING) {
            fail(Errors.kindOf(ending), ending);
        } else {
            tryRelease();
        }
    }

    /** Ends the output of the transport, after all writes. Returns false if the transport has no room. */
    boolean endOutput() throws IOException {
        return connection.transport.shutdownOutput(phase == Phase.CLOSING && input().isDrained());
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
        boolean over = input().end() != null;
        boolean drained = input().isDrained();
        synchronized (this) {
            if (!(phase == Phase.FAILING && over || phase == Phase.CLOSING && outputEnded && drained)) {
                return;
            }
        }
        beginRelease();
    }

    private void beginRelease() {
        boolean reset;
        synchronized (this) {
            if (!isWaiting()) {
                return;
            }
            phase = Phase.RELEASING;
            reset = torn;
        }
        connection.stopTimers();
        CloseDeadline underWay = deadline;
        if (underWay != null) {
            underWay.stop();
        }
        release.begin(reset);
    }

    /** Ends the connection after the last release of a hold. Called once. */
    void released() {
        boolean upgraded;
        CloseReason why;
        synchronized (this) {
            upgraded = phase == Phase.UPGRADED;
            phase = Phase.CLOSED;
            why = reason;
        }
        if (!upgraded) {
            Threads.guard(connection.writes().state()::released);
            Threads.guard(connection.transport::released);
        }
        try {
            release.ended(why);
        } finally {
            if (!upgraded) {
                leave();
            }
        }
    }

    /** Frees the place of the connection at its listener and in the register of the engine. */
    private void leave() {
        try {
            if (connection.from != null) {
                Threads.guard(connection.from::released);
            }
        } finally {
            connection.engine.unregister(connection);
        }
    }
}
