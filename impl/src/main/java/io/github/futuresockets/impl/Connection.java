package io.github.futuresockets.impl;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.CloseReason.Kind;
import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/** A transport with its two sides, and how they end together. */
final class Connection implements Engine.Owned {
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

    private static final AtomicIntegerFieldUpdater<Connection> UNFINISHED =
            AtomicIntegerFieldUpdater.newUpdater(Connection.class, "unfinished");
    private static final CloseReason ABORTED = new CloseReason(Kind.ABORTED, null);

    private final Engine engine;
    private final Transport transport;
    private final ReadSide reads;
    private final WriteSide writes;

    private volatile Phase phase = Phase.OPEN;
    private volatile boolean descriptorClosed;

    /** Threads that end this connection, and completions that an executor of the user's has still to run. */
    private volatile int unfinished;

    private CloseReason reason = ABORTED;
    private @Nullable Watches<CloseReason> watches;
    private boolean outputEnded;
    private @Nullable Future<?> alarm;

    Connection(Engine engine, Transport transport) {
        this.engine = engine;
        this.transport = transport;
        Settings settings = engine.settings();
        Streak streak = new Streak();
        this.reads = new ReadSide(this, transport, streak, Engine.nanos(settings.readTimeout()));
        this.writes = new WriteSide(this, transport, streak, Engine.nanos(settings.writeTimeout()));
        transport.connect(reads, writes);
        engine.own(this);
    }

    Engine engine() {
        return engine;
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
    boolean isOpen() {
        return phase == Phase.OPEN && !reads.state().input().hasFailed();
    }

    /** Completes a future of this connection where the user wants that; {@link #closed} comes behind it. */
    void complete(Runnable completion) {
        if (!engine.completesElsewhere()) {
            completion.run();
            return;
        }
        UNFINISHED.incrementAndGet(this);
        engine.complete(() -> {
            try {
                completion.run();
            } finally {
                finished();
            }
        });
    }

    private void finished() {
        if (UNFINISHED.decrementAndGet(this) == 0) {
            checkReleased();
        }
    }

    /** In good order. On a connection that has failed already it only drops what could still be read. */
    void close() {
        Phase before;
        synchronized (this) {
            before = phase;
            if (before == Phase.OPEN) {
                phase = Phase.CLOSING;
                reason = new CloseReason(reads.state().input().isEnded() ? Kind.PEER_CLOSED : Kind.CLOSED, null);
                long timeout = Engine.nanos(engine.settings().closeTimeout());
                if (timeout != 0) {
                    alarm = engine.alarm(() -> closeTimedOut(timeout), timeout, transport.loop());
                }
            }
        }
        if (before == Phase.OPEN) {
            UNFINISHED.incrementAndGet(this);
            reads.close(false);
            writes.close();
            tryRelease();
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

    private void closeTimedOut(long nanos) {
        SocketTimeoutException late = Errors.stalled(this + ": close did not come to an end", nanos);
        end(new CloseReason(Kind.TIMED_OUT, late), late);
    }

    private void end(CloseReason why, IOException cause) {
        synchronized (this) {
            if (phase.compareTo(Phase.RELEASING) >= 0) {
                return;
            }
            if (phase != Phase.FAILING) {
                reason = why;
            }
            phase = Phase.FAILING;
            UNFINISHED.incrementAndGet(this);
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
            reason = new CloseReason(kind, cause);
            UNFINISHED.incrementAndGet(this);
        }
        writes.fail(cause);
        reads.callLast(Errors.closed("the conversation has ended: " + cause.getMessage(), cause));
        tryRelease();
        finished();
    }

    /** The transport has failed. */
    void broken(IOException cause) {
        fail(kindOf(cause), cause);
    }

    /** The JDK tells a reset by its message only. */
    private static Kind kindOf(IOException cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        boolean reset = message.contains("reset") || message.contains("broken pipe") || message.contains("aborted");
        return reset ? Kind.RESET : Kind.FAILED;
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
            reset = reason.kind() == Kind.ABORTED || reason.kind() == Kind.TIMED_OUT;
            if (alarm != null) {
                alarm.cancel(false);
                alarm = null;
            }
        }
        reads.stop();
        writes.stop();
        transport.loop().run(() -> {
            transport.close(reset, () -> {
                descriptorClosed = true;
                checkReleased();
            });
        });
    }

    /** Called whenever an operation of the transport has been answered. */
    void checkReleased() {
        if (phase != Phase.RELEASING
                || !descriptorClosed
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
            waiting = Watches.drain(watches);
        }
        CloseReason why = reason;
        waiting.forEach(each -> engine.complete(() -> each.ready(why)));
        engine.disown(this);
    }

    Watches<CloseReason>.Watch closed() {
        Watches<CloseReason>.Watch watch;
        synchronized (this) {
            Watches<CloseReason> all = watches != null ? watches : new Watches<>("closed", this);
            watches = all;
            watch = all.make(engine);
            if (phase != Phase.CLOSED) {
                all.add(watch);
                return watch;
            }
        }
        watch.ready(reason);
        return watch;
    }

    @Override
    public String toString() {
        return transport.localAddress() + " -> " + transport.remoteAddress() + " "
                + phase.name().toLowerCase(Locale.ROOT);
    }
}
