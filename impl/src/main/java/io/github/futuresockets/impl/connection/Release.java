package io.github.futuresockets.impl.connection;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.observe.Recorder;
import io.github.futuresockets.impl.transport.Transport;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The release of a connection: the close of the descriptor, the holds that delay the end, and the waiters for the end.
 *
 * <ul>
 *   <li>Firm holds: the descriptor, a thread that reads from the transport, and a thread that owns the flush. A thread
 *       takes no hold for its read or flush. The releasing thread takes the hold for a thread that is at work at the
 *       moment of the release, and the working thread releases the hold at the end of its work.
 *   <li>Limited holds: an ending thread, and a completion in the user's executor. Because an executor may drop a
 *       completion, the limited holds are awaited no longer than the time-out of a close, if there is an executor.
 *   <li>The thread of the last release calls {@link ConnectionEnd#released}.
 * </ul>
 */
final class Release {
    /** The longest wait for completions in the user's executor, in nanoseconds, if a close has no time-out. */
    private static final long LONGEST_HOLD = TimeUnit.SECONDS.toNanos(5);

    private final Connection connection;
    private final ConnectionEnd end;
    private final HoldCount holds = new HoldCount();

    // guarded by this
    private @Nullable Waiters<CloseReason> waiters;

    /** The alarm that ends the limited holds. */
    private @Nullable Future<?> alarm;

    private boolean ended;
    private boolean descriptorClosed;

    Release(Connection connection, ConnectionEnd end) {
        this.connection = connection;
        this.end = end;
    }

    /** Returns a future of the end, completed when the connection is closed and released. */
    Waiters<CloseReason>.Watch closed() {
        Waiters<CloseReason>.Watch watch;
        synchronized (this) {
            Waiters<CloseReason> all = waiters != null ? waiters : new Waiters<>("closed", connection);
            waiters = all;
            watch = all.make(connection.context());
            if (!ended) {
                all.add(watch);
                return watch;
            }
        }
        watch.ready(end.reason());
        return watch;
    }

    /** Records the end and completes the waiters. Called once, after the last release of a hold. */
    void ended(CloseReason why) {
        Transport transport = connection.transport;
        Threads.guard(() ->
                Recorder.HERE.closed(transport.localAddress(), transport.remoteAddress(), why, connection::stats));
        takeWaiters().forEach(each -> Threads.guard(() -> connection.engine.complete(() -> each.ready(why))));
    }

    private synchronized Collection<Waiters<CloseReason>.Watch> takeWaiters() {
        ended = true;
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
        return Waiters.drain(waiters);
    }

    /** Takes a limited hold. */
    void hold() {
        holds.holdLimited();
    }

    /** Releases a limited hold. */
    void unhold() {
        if (holds.releaseLimited()) {
            end.released();
        }
    }

    /** Releases the hold of a thread that was reading or flushing at the moment of the release. */
    void workDone() {
        releaseFirm();
    }

    /**
     * Takes holds for the threads at work, and closes the descriptor on the loop. If the loop takes no task any more,
     * closes the descriptor on this thread. Called once.
     */
    void begin(boolean reset) {
        connection.reads().state().release(holds);
        connection.writes().state().release(holds);
        try {
            connection.loop().run(() -> closeTransport(reset));
        } catch (Throwable e) {
            Log.log(Level.DEBUG, "close of " + connection + " on another thread than its own", e);
            closeTransport(reset);
        }
    }

    /** Closes the transport, at once or, if the kernel sends from a file, after the send. */
    private void closeTransport(boolean reset) {
        if (!connection.writes().state().defer(() -> closeNow(reset))) {
            closeNow(reset);
        }
    }

    private void closeNow(boolean reset) {
        Transport transport = connection.transport();
        try {
            transport.close(reset, this::descriptorClosed);
        } catch (Throwable e) {
            Log.log(Level.ERROR, "close of " + connection, e);
            descriptorClosed();
        }
    }

    /** Releases the hold of the descriptor. Further calls have no effect. */
    void descriptorClosed() {
        synchronized (this) {
            if (descriptorClosed) {
                return;
            }
            descriptorClosed = true;
        }
        releaseFirm();
    }

    private void releaseFirm() {
        if (holds.release()) {
            end.released();
        } else if (holds.isLimited() && connection.engine().completesElsewhere()) {
            limitHolds(connection.engine());
        }
    }

    /** Limits the wait for completions in the user's executor. Runs the completions that the executor has dropped. */
    private void limitHolds(ConnectionHost engine) {
        Threads.guard(() -> {
            if (engine.hasLostCompletions()) {
                engine.takeOverCompletions();
            }
        });
        long allowed = Clock.nanos(engine.settings().closeTimeout());
        try {
            synchronized (this) {
                if (alarm == null && holds.isLimited()) {
                    alarm = engine.alarm(this::holdNoLonger, allowed == 0 ? LONGEST_HOLD : allowed, connection.loop());
                }
            }
        } catch (Throwable e) {
            Log.log(Level.DEBUG, "no alarm for the completions of " + connection, e);
            endLimited();
        }
    }

    /** Runs the completions that the executor may have dropped, and ends the delay by limited holds. */
    private void holdNoLonger() {
        Threads.guard(connection.engine()::takeOverCompletions);
        endLimited();
    }

    private void endLimited() {
        if (holds.endLimited()) {
            end.released();
        }
    }
}
