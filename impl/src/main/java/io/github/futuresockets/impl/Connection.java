package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.CloseReason.Kind;
import io.github.futuresockets.SocketStats;
import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A transport with its two sides, and how they end together. */
final class Connection extends Activity implements Owned {
    /*
     * OPEN -> CLOSING (close: the output is flushed and ended, the input dropped until its end) -> RELEASING -> CLOSED
     * OPEN, CLOSING -> FAILING (a write or the connection failed: reads get what has arrived) -> RELEASING
     * any of these -> RELEASING (abort, closeTimeout)
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
        CLOSED
    }

    private final Engine engine;
    private final Transport transport;
    private final ReadSide reads;
    private final WriteSide writes;
    private final @Nullable FutureServerSocket from;

    private volatile Phase phase = Phase.OPEN;
    private volatile boolean descriptorClosed;
    private boolean outputEnded;
    private @Nullable Future<?> alarm;

    Connection(AsyncSocket socket, Engine engine, Transport transport, @Nullable FutureServerSocket from) {
        super(socket, transport.loop() instanceof ChannelLoop);
        this.engine = engine;
        this.from = from;
        this.transport = transport;
        Settings settings = engine.settings();
        this.reads = new ReadSide(this, transport, Engine.nanos(settings.readTimeout()));
        this.writes = new WriteSide(this, transport, Engine.nanos(settings.writeTimeout()));
        transport.connect(reads, writes);
        idleTimeout(Engine.nanos(settings.idleTimeout()));
        engine.own(this);
    }

    @Override
    public Engine engine() {
        return engine;
    }

    boolean isFrom(FutureServerSocket listener) {
        return from == listener;
    }

    @Override
    public SocketStats stats() {
        return reads.state().stats(writes.state());
    }

    /** Ends the input at the next message boundary. */
    void drain() {
        reads.callLast(Input.END, true);
    }

    @Override
    public boolean isWaiting() {
        return phase.compareTo(Phase.RELEASING) < 0;
    }

    @Override
    public void stalled(long nanos) {
        endLate(": no byte moved", nanos);
    }

    @Override
    public Loop loop() {
        return transport.loop();
    }

    Transport transport() {
        return transport;
    }

    ReadSide reads() {
        return reads;
    }

    WriteSide writes() {
        return writes;
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

    @Override
    boolean isIdle() {
        return !(reads.state().isTaken() || reads.isWatched() || writes.isWaiting() || writes.isWatched());
    }

    /** In good order. On a connection that has failed, of which reads are told first, it only drops what could be read. */
    @Override
    void close() {
        IOException failed = reads.state().input().failure();
        if (failed != null) {
            broken(failed);
        }
        Phase before;
        synchronized (this) {
            before = phase;
            if (before == Phase.OPEN) {
                phase = Phase.CLOSING;
                reason(new CloseReason(reads.state().input().isEnded() ? Kind.PEER_CLOSED : Kind.CLOSED, null));
            }
        }
        if (before == Phase.OPEN) {
            begin();
            reads.close(false);
            writes.close();
            tryRelease();
            limitClosing();
            finished();
        } else if (before != Phase.CLOSING) {
            reads.close(true);
            release();
        }
    }

    @Override
    public void abort() {
        end(ABORTED, Errors.closedMeanwhile("aborted"));
    }

    /** To be called when a close that has nothing to wait for is over: a timer costs more than all of that. */
    private synchronized void limitClosing() {
        long timeout = Engine.nanos(engine.settings().closeTimeout());
        if (timeout != 0 && phase.compareTo(Phase.RELEASING) < 0) {
            alarm = engine.alarm(() -> endLate(": close did not come to an end", timeout), timeout, transport.loop());
        }
    }

    private void endLate(String what, long nanos) {
        SocketTimeoutException late = Errors.stalled(this + what, nanos);
        end(new CloseReason(Kind.TIMED_OUT, late), late);
    }

    private void end(CloseReason why, IOException cause) {
        synchronized (this) {
            if (phase.compareTo(Phase.RELEASING) >= 0) {
                return;
            }
            if (phase != Phase.FAILING) {
                reason(why);
            }
            phase = Phase.FAILING;
            begin();
        }
        writes.fail(cause);
        reads.close(true);
        release();
        finished();
    }

    void writesStalled(long nanos) {
        fail(Kind.TIMED_OUT, Errors.stalled("no byte left", nanos));
    }

    /** A write or the connection itself has failed. What has arrived can still be read. */
    void fail(Kind kind, IOException cause) {
        synchronized (this) {
            if (phase != Phase.OPEN && phase != Phase.CLOSING) {
                return;
            }
            phase = Phase.FAILING;
            reason(new CloseReason(kind, cause));
            begin();
        }
        writes.fail(cause);
        reads.callLast(Errors.closed("the conversation has ended: " + cause.getMessage(), cause), false);
        tryRelease();
        finished();
    }

    /** The transport has failed. */
    void broken(IOException cause) {
        fail(Errors.kindOf(cause), cause);
    }

    /** Nothing comes any more: the end of the stream, or the failure of the connection. */
    void inputEnded(IOException end) {
        if (end != Input.END && phase != Phase.FAILING) {
            broken(end);
        } else {
            tryRelease();
        }
    }

    /** The end of our stream, in its turn; needless if closing the descriptor will send it anyway. */
    void endOutput() throws IOException {
        if (phase != Phase.CLOSING || !reads.state().input().isDrained()) {
            transport.shutdownOutput();
        }
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
            reset = reason().kind() == Kind.ABORTED || reason().kind() == Kind.TIMED_OUT;
            if (alarm != null) {
                alarm.cancel(false);
                alarm = null;
            }
        }
        reads.stop();
        writes.stop();
        stopIdling();
        transport.loop().run(() -> {
            transport.close(reset, () -> {
                descriptorClosed = true;
                checkReleased();
            });
        });
    }

    /** Called whenever an operation of the transport has been answered. */
    @Override
    void checkReleased() {
        if (phase != Phase.RELEASING
                || !descriptorClosed
                || isUnfinished()
                || reads.state().isFilling()
                || writes.state().isBusy()) {
            return;
        }
        List<Watches<CloseReason>.Watch> waiting;
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return;
            }
            phase = Phase.CLOSED;
            waiting = takeClosedWatches();
        }
        CloseReason why = reason();
        Recorder.HERE.closed(this, why);
        waiting.forEach(each -> engine.complete(() -> each.ready(why)));
        if (from != null) {
            from.queue().ended();
        }
        engine.disown(this);
    }

    @Override
    public String toString() {
        return transport.localAddress() + " -> " + transport.remoteAddress() + " "
                + phase.name().toLowerCase(Locale.ROOT);
    }
}
