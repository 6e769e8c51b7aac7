package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.CloseReason.Kind;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A transport with its two sides, and how they end together. */
final class Connection extends Endpoint implements Owned {
    /*
     * OPEN -> CLOSING (close: the output is flushed and ended, the input dropped until its end) -> RELEASING -> CLOSED
     * OPEN, CLOSING -> FAILING (a write or the connection failed: reads get what has arrived) -> RELEASING
     * any of these -> RELEASING (abort, time-outs)
     *
     * OPEN -> HANDED_OVER (the transport goes on, encrypted, as another connection, which is the heir) -> CLOSED, with the heir
     *
     * RELEASING: the descriptor is being closed, on the loop's thread, and both sides are waited for, because an operation
     * that the transport has not answered still holds a chunk. CLOSED: nothing is left, those who watch are told.
     *
     * Fields are guarded by this object's monitor; `phase` may be read without it. The sides are called without it, since
     * they run user code, so each of them bears being told twice and in any order.
     */
    private enum Phase {
        OPEN,
        CLOSING,
        FAILING,
        RELEASING,
        HANDED_OVER,
        CLOSED
    }

    private volatile Phase phase = Phase.OPEN;
    private volatile boolean descriptorClosed;
    private boolean outputEnded;

    /** The peer is to see a reset: set with the reason. */
    private boolean torn;

    Connection(AsyncSocket socket, Engine engine, Transport transport, @Nullable FutureServerSocket from) {
        super(socket, engine, transport, from);
        engine.own(this);
        idleTimeout(Engine.nanos(engine.settings().idleTimeout()));
    }

    /** Ends the input at the next message boundary. */
    void drain() {
        if (transport.isOpening()) {
            abort();
        } else {
            reads.callLast(Input.END, true);
        }
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

    /** A failed input ends the connection, though reads are told of it before. */
    @Override
    boolean isOpen() {
        return phase == Phase.OPEN && reads.state().input().failure() == null;
    }

    @Override
    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** In good order. On a connection that has failed, of which reads are told first, it only drops what could be read. */
    @Override
    void close() {
        if (phase == Phase.HANDED_OVER) {
            passOn(Connection::close);
        } else if (transport.isOpening()) {
            end(new CloseReason(Kind.CLOSED, null), Errors.closedMeanwhile("closed"));
        } else {
            close(new CloseReason(reads.state().input().isEnded() ? Kind.PEER_CLOSED : Kind.CLOSED, null));
        }
    }

    void close(CloseReason why) {
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
            begin();
            ChannelLoop.guard(() -> reads.close(false));
            ChannelLoop.guard(writes::close);
            ChannelLoop.guard(this::tryRelease);
            limitClosing(Engine.nanos(engine.settings().closeTimeout()));
            finished();
        } else if (before != Phase.CLOSING) {
            reads.close(true);
            release();
        }
    }

    @Override
    public void abort() {
        if (phase == Phase.HANDED_OVER) {
            passOn(Connection::abort);
        } else {
            end(ABORTED, Errors.closedMeanwhile("aborted"));
        }
    }

    /** The loop, which has handed over, knows the heir; others may be a moment too early. */
    private void passOn(Consumer<Connection> what) {
        if (last() != this) {
            what.accept(last());
        } else {
            loop().execute(() -> what.accept(last()));
        }
    }

    /** On the loop; to be followed by {@link #handOver(Connection)}. False if the conversation has ended. */
    synchronized boolean handOver() {
        boolean mine = phase == Phase.OPEN;
        phase = mine ? Phase.HANDED_OVER : phase;
        return mine;
    }

    /** On the loop: nobody goes on with the transport, and the connection ends. */
    void fallBack(IOException cause) {
        synchronized (this) {
            phase = Phase.OPEN;
        }
        end(new CloseReason(Kind.FAILED, cause), cause);
    }

    /** Also when the heir has ended. */
    boolean isHandedOver() {
        return phase == Phase.HANDED_OVER || last() != this;
    }

    /** From now on that is the connection of the transport. What has been asked of this one that it can do is done by the heir. */
    void handOver(Connection heir) {
        heir(heir);
        reads.stop();
        writes.stop();
        stopIdling();
        heir.closed().whenComplete((why, none) -> closed(why));
        engine.disown(this);
    }

    /** It has waited for so long that it ends at once. */
    void late(String what, long nanos) {
        SocketTimeoutException late = Errors.stalled(this + what, nanos);
        end(new CloseReason(Kind.TIMED_OUT, late), late, true);
    }

    /** An orderly close takes too long. What the kernel has, the end included, it goes on to send. */
    void closeLate(String what, long nanos) {
        SocketTimeoutException late = Errors.stalled(this + what, nanos);
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

    /** By a time-out; to be followed by {@link #finishEnd} if true. */
    boolean beginEnd(IOException late) {
        return beginEnd(new CloseReason(Kind.TIMED_OUT, late), true);
    }

    /** From now on it is ended, and nobody has been told; false if it was already. */
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
            begin();
            return true;
        }
    }

    void finishEnd(IOException cause) {
        ChannelLoop.guard(() -> writes.fail(cause));
        ChannelLoop.guard(() -> reads.close(true));
        release();
        finished();
    }

    /** A failure that reads know of already, and that has ended the connection before anybody else does. */
    private void tellFailure() {
        IOException failed = reads.state().input().failure();
        if (failed != null && isCut(failed)) {
            broken(failed);
        }
    }

    /** Whether the stream has not come to its regular end. In an orderly close nobody waits for that of TLS. */
    private boolean isCut(IOException end) {
        return end != Input.END && !(phase == Phase.CLOSING && end instanceof TlsTruncation);
    }

    /** A write or the connection itself has failed. What has arrived can still be read. */
    void fail(Kind kind, IOException cause) {
        synchronized (this) {
            if (phase != Phase.OPEN && phase != Phase.CLOSING) {
                return;
            }
            phase = Phase.FAILING;
            torn = kind == Kind.TIMED_OUT;
            reason(new CloseReason(kind, cause));
            begin();
        }
        ChannelLoop.guard(() -> writes.fail(cause));
        try {
            reads.callLast(Errors.closed("the conversation has ended: " + cause.getMessage(), cause), false);
            tryRelease();
        } catch (Throwable e) {
            unwatched(e);
        } finally {
            finished();
        }
    }

    /** The transport has failed. */
    void broken(IOException cause) {
        fail(Errors.kindOf(cause), cause);
    }

    /** Nothing comes any more: the end of the stream, or the failure of the connection. */
    void inputEnded(IOException end) {
        if (isCut(end) && phase != Phase.FAILING) {
            broken(end);
        } else {
            tryRelease();
        }
    }

    /** The end of our stream, in its turn. */
    int endOutput() throws IOException {
        return transport.shutdownOutput(
                phase == Phase.CLOSING && reads.state().input().isDrained());
    }

    void outputEnded() {
        synchronized (this) {
            outputEnded = true;
        }
        tryRelease();
    }

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

    private void closeTransport(boolean reset) {
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

    /** Called whenever an operation of the transport has been answered. */
    @Override
    void checkReleased() {
        if (phase != Phase.RELEASING
                || !descriptorClosed
                || reads.state().isFilling()
                || writes.state().isBusy()
                || isHeldUp()) {
            return;
        }
        if (closed(reason())) {
            stopHolding();
            ChannelLoop.guard(transport::released);
            if (from != null) {
                ChannelLoop.guard(from.queue()::ended);
            }
            engine.disown(this);
        }
    }

    private boolean closed(CloseReason why) {
        List<Watches<CloseReason>.Watch> waiting;
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return false;
            }
            phase = Phase.CLOSED;
            reason(why);
            waiting = takeClosedWatches();
        }
        ChannelLoop.guard(() -> Recorder.HERE.closed(this, why));
        waiting.forEach(each -> ChannelLoop.guard(() -> engine.complete(() -> each.ready(why))));
        return true;
    }

    @Override
    public String toString() {
        return transport.localAddress() + " -> " + transport.remoteAddress() + " "
                + phase.name().toLowerCase(Locale.ROOT);
    }
}
