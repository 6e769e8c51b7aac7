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
     *
     * In any phase but PASSED, a canceller, a close or the end of the connection can remove the barrier from the queue.
     * The removing thread ends the upgrade. After a cancel, writes are accepted again.
     */
    private enum Phase {
        STANDING,
        REACHED,
        PASSED
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
            failed.accept(side.connection.own(refusal));
        } catch (Throwable e) {
            IOException cause = Errors.asIOException(what, e);
            side.connection.fail(CloseReason.Kind.FAILED, cause);
            failed.accept(cause);
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
     * @return false if there is no upgrade, because the barrier was removed or the connection has begun to end
     */
    public boolean pass() {
        Connection connection = side.connection;
        connection.hold();
        try {
            synchronized (side.state()) {
                if (side.state().queue().barrier() == this && connection.upgrade()) {
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

    /** Removes the barrier, so that writes are accepted again. Returns false if the upgrade has passed the barrier. */
    public boolean withdraw() {
        boolean passed;
        synchronized (side.state()) {
            remove();
            passed = phase == Phase.PASSED;
        }
        side.relieve();
        return !passed;
    }

    /** Fails the upgrade at a close or at the end of the connection, unless the barrier was passed or removed. */
    void fail(IOException cause) {
        if (remove()) {
            IOException mine = side.connection.own(cause);
            side.connection.complete(() -> failed.accept(mine));
        }
    }

    /** Removes the barrier from the queue. Returns false if the barrier was passed, or removed before. */
    private boolean remove() {
        synchronized (side.state()) {
            WriteQueue queue = side.state().queue();
            boolean mine = queue.barrier() == this && phase != Phase.PASSED;
            if (mine) {
                queue.barrier(null);
            }
            return mine;
        }
    }
}
