package io.github.futuresockets.impl.connection;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A write that offloads its flush to a thread that may block. Keeps its place in the queue until its last byte was
 * sent.
 */
public abstract class OffloadedWrite extends ExclusiveWrite {
    /*
     * Transitions of `phase`:
     * - RESTING -> LENT, by the owner of the flush. The owner offloads the flush to another thread and returns.
     * - LENT -> RESTING, by the other thread. The other thread owns the flush, and passes the flush to the loop.
     * - LENT -> RESTING, by a thread that ends or withdraws the write (revoke). The revoking thread owns the flush. The
     *   other thread finds the flush revoked, and drops its bytes. Therefore no thread waits for a thread that hangs.
     * - LENT -> SENDING -> RESTING, by the other thread, around a commit: the kernel sends from a file. Because a commit
     *   does not wait for the peer, a close can wait for the commit.
     */
    private enum Phase {
        RESTING,
        LENT,
        SENDING
    }

    // guarded by the write state
    private Phase phase = Phase.RESTING;

    // written under the write state; the owner of the flush, or of its offload, may read without the lock
    private long moved;

    // guarded by the write state
    private @Nullable Runnable deferred;

    /** Makes a write without bytes. If {@code open} is true, bytes may be added until {@link #finish}. */
    public OffloadedWrite(WriteSide side, boolean open) {
        super(side, open);
    }

    /** Returns the number of bytes that the kernel has taken. */
    public final long moved() {
        return moved;
    }

    /** Counts the sent bytes. Returns 0, because bytes of an offloaded write are not counted as queued. */
    @Override
    protected final long taken(long count) {
        moved += count;
        return 0;
    }

    /** Revokes the offload of the flush. Returns false if the flush was not offloaded. The caller holds the lock. */
    final boolean revoke() {
        boolean lent = phase == Phase.LENT;
        if (lent) {
            phase = Phase.RESTING;
        }
        return lent;
    }

    /** Returns true during a commit. The caller holds the lock. */
    final boolean isCommitting() {
        return phase == Phase.SENDING;
    }

    /** Defers {@code close} to the end of a commit. Returns false if there is no commit. The caller holds the lock. */
    final boolean defer(Runnable close) {
        if (!isCommitting()) {
            return false;
        }
        deferred = close;
        return true;
    }

    /** Offloads the flush. Returns false if the write was removed from the queue, or the release has begun. */
    public final boolean offload() {
        synchronized (side.state()) {
            boolean may = queued && !side.state().isReleased();
            if (may) {
                phase = Phase.LENT;
            }
            return may;
        }
    }

    /** Returns true if the flush is offloaded and was not revoked. */
    public final boolean isLent() {
        synchronized (side.state()) {
            return phase == Phase.LENT;
        }
    }

    /** Ends the offload, so that the caller owns the flush. Returns false if the offload was revoked before. */
    public final boolean resume() {
        synchronized (side.state()) {
            return revoke();
        }
    }

    /**
     * Ends the offload like {@link #resume()}, and stages a pooled buffer with bytes of the write. If the offload was
     * revoked before, the caller keeps the buffer.
     */
    public final boolean resume(ByteBuffer chunk) {
        synchronized (side.state()) {
            boolean had = revoke();
            if (had) {
                begin();
                side.state().queue().stage(chunk);
            }
            return had;
        }
    }

    /** Ends the offload like {@link #resume()}, after the last byte of the source. */
    public final boolean finish() {
        synchronized (side.state()) {
            boolean had = revoke();
            exclusive &= !had;
            return had;
        }
    }

    /** Begins a commit, which no other thread can revoke. Returns false if the offload was revoked before. */
    public final boolean beginCommit() {
        synchronized (side.state()) {
            boolean had = revoke();
            if (had) {
                phase = Phase.SENDING;
            }
            return had;
        }
    }

    /**
     * Ends a commit. The caller owns the flush.
     *
     * @param something true if the commit sent bytes
     * @return the deferred close, to be run by the caller, or null
     */
    public final @Nullable Runnable commit(boolean something) {
        synchronized (side.state()) {
            phase = Phase.RESTING;
            if (something) {
                begin();
            }
            return deferred;
        }
    }
}
