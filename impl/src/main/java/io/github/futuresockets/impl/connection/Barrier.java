package io.github.futuresockets.impl.connection;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.common.Errors;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;

/**
 * The end of the write queue of a connection that is to be upgraded, behind all writes. While the barrier is in the
 * queue, no write is accepted. After the upgrade has passed the barrier, the write side writes nothing any more.
 */
public final class Barrier {
    /*
     * Transitions of `phase`:
     * - STANDING -> REACHED, by the thread that has sent the last byte before the barrier. The thread ends its flush,
     *   and begins the upgrade under no lock.
     * - REACHED -> PASSED, by the upgrade, together with the phase of the connection. A successor takes the transport.
     * - STANDING or REACHED -> ENDED, by a refusal, a canceller, a close, or the end of the connection. The barrier
     *   leaves the queue, and the ending thread ends the upgrade. After a cancel, writes are accepted again.
     */
    private enum Phase {
        STANDING,
        REACHED,
        PASSED,
        ENDED
    }

    private final WriteSide side;
    private final String what;
    private final Runnable upgrade;
    private final Consumer<IOException> failed;

    // guarded by the write state
    private Phase phase = Phase.STANDING;

    /**
     * Makes a barrier, to be queued by {@link #start}.
     *
     * @param what the upgrade, for messages
     * @param upgrade begins the upgrade, on any thread, after all earlier writes were sent; called at most once
     * @param failed gets the failure if the barrier is refused, or if the connection ends before the upgrade has passed
     *     the barrier
     */
    public Barrier(WriteSide side, String what, Runnable upgrade, Consumer<IOException> failed) {
        this.side = side;
        this.what = what;
        this.upgrade = upgrade;
        this.failed = failed;
    }

    /** Queues the barrier. If the output is shut, or if the start throws, the upgrade fails. */
    public void start() {
        try {
            side.queue(this);
        } catch (ClosedChannelException refusal) {
            end();
            failed.accept(side.connection.own(refusal));
        } catch (Throwable e) {
            IOException cause = Errors.asIOException(what, e);
            side.connection.fail(CloseReason.Kind.FAILED, cause);
            if (end()) {
                failed.accept(cause);
            }
        }
    }

    /** Returns the upgrade, for messages. */
    String what() {
        return what;
    }

    /** Returns true until all earlier writes were sent. The caller holds the lock. */
    boolean isStanding() {
        return phase == Phase.STANDING;
    }

    /** Notes that all earlier writes were sent. The caller holds the lock, and then calls {@link #begin}. */
    void reach() {
        assert Thread.holdsLock(side.state()) && isStanding();
        phase = Phase.REACHED;
    }

    /** Begins the upgrade. Under no lock, on the thread that has reached the barrier. */
    void begin() {
        upgrade.run();
    }

    /**
     * Passes the barrier and upgrades the connection, so that a successor takes the transport. On the loop. If the
     * connection has begun to end, the upgrade fails.
     *
     * @return false if there is no upgrade, because the barrier has ended or the connection has begun to end
     */
    public boolean pass() {
        Connection connection = side.connection;
        connection.hold();
        try {
            synchronized (side.state()) {
                if (phase == Phase.REACHED && connection.upgrade()) {
                    phase = Phase.PASSED;
                    return true;
                }
            }
            fail(Errors.closed(what + Errors.CLOSED, null));
            return false;
        } finally {
            connection.unhold();
        }
    }

    /** Ends the barrier, so that writes are accepted again. Returns false if the upgrade has passed the barrier. */
    public boolean withdraw() {
        boolean passed;
        synchronized (side.state()) {
            end();
            passed = phase == Phase.PASSED;
        }
        side.relieve();
        return !passed;
    }

    /** Fails the upgrade at a close or at the end of the connection, unless the barrier was passed or has ended. */
    void fail(IOException cause) {
        if (end()) {
            IOException mine = side.connection.own(cause);
            side.connection.complete(() -> failed.accept(mine));
        }
    }

    /** Ends the barrier. Returns false if the barrier was passed, or has ended before. */
    private boolean end() {
        synchronized (side.state()) {
            boolean mine = phase == Phase.STANDING || phase == Phase.REACHED;
            if (mine) {
                phase = Phase.ENDED;
                side.state().queue().remove(this);
            }
            return mine;
        }
    }
}
