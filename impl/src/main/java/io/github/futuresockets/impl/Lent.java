package io.github.futuresockets.impl;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A write that lends its turn to a thread which may wait: its place in the queue is its own until its last byte has left. */
abstract class Lent extends Write {
    /*
     * Fields are guarded by the monitor of the write state; the thread that has the turn, or has it lent, may read `moved`
     * without it.
     *
     * RESTING -> LENT: the thread that has the turn lends it and returns. LENT -> RESTING: whoever does this has the turn. It is
     * the one that had it lent, which hands it on to the loop; or whoever ends or withdraws the write, and then the other finds
     * it gone and drops what it has. So nobody waits for one that hangs. LENT -> SENDING -> RESTING: it is in the kernel, which
     * sends from a file. That does not wait for the peer, so a close can wait for it.
     */
    private enum Phase {
        RESTING,
        LENT,
        SENDING
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private Phase phase = Phase.RESTING;
    private boolean open;
    private long moved;
    private @Nullable Runnable deferred;

    Lent(WriteSide side, boolean open) {
        super(side, NOTHING.duplicate());
        this.open = open;
    }

    @Override
    final boolean isOpen() {
        return open;
    }

    /** How many bytes the kernel has taken. */
    final long moved() {
        return moved;
    }

    @Override
    final boolean hasBegun() {
        return super.hasBegun() || phase == Phase.SENDING;
    }

    /** What has not been read cannot be copied within a cancel. */
    @Override
    final long unstaged() {
        return open ? Long.MAX_VALUE : 0;
    }

    /** None of its bytes were counted as waiting. */
    @Override
    final long taken(long count) {
        moved += count;
        return 0;
    }

    @Override
    final boolean abandon() {
        boolean lent = phase == Phase.LENT;
        if (lent) {
            phase = Phase.RESTING;
        }
        return lent;
    }

    /** Has {@code close} wait for the kernel; false if it does not send. */
    final boolean defer(Runnable close) {
        if (phase != Phase.SENDING) {
            return false;
        }
        deferred = close;
        return true;
    }

    /** Lends the turn; false if the write has been taken out of the queue. */
    final boolean lend() {
        synchronized (side.state()) {
            if (queued) {
                phase = Phase.LENT;
            }
            return queued;
        }
    }

    final boolean isLent() {
        synchronized (side.state()) {
            return phase == Phase.LENT;
        }
    }

    /** Takes the turn back; false if it was lent no more. */
    final boolean giveBack() {
        synchronized (side.state()) {
            return abandon();
        }
    }

    /** The same, and nothing comes any more. */
    final boolean finish() {
        synchronized (side.state()) {
            boolean had = abandon();
            open &= !had;
            return had;
        }
    }

    /** The kernel is about to send; false if nobody waits for that any more. */
    final boolean enterKernel() {
        synchronized (side.state()) {
            boolean had = abandon();
            if (had) {
                phase = Phase.SENDING;
            }
            return had;
        }
    }

    /**
     * Nothing has been sent, and nothing comes any more. The turn is the caller's, whoever has ended or withdrawn the write.
     * Returns the close that has waited for it.
     */
    final @Nullable Runnable refuseKernel() {
        synchronized (side.state()) {
            open = false;
        }
        return leaveKernel(false);
    }

    /** It has sent something, or nothing; returns the close that has waited for it. */
    final @Nullable Runnable leaveKernel(boolean something) {
        synchronized (side.state()) {
            phase = Phase.RESTING;
            if (something) {
                begin();
            }
            return deferred;
        }
    }
}
