package io.github.futuresockets.impl.connection;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The end of the input of a connection: the outcome of reads after the last byte, and the last call. Guarded by the
 * lock of the {@link ReadSide}. Volatile fields may be read without the lock.
 */
public final class EndOfInput {
    /*
     * `end` is the outcome of reads after the last byte: null while unknown, REGULAR, or a failure. `drained` is true
     * after the transport has reported its end. Without a last call, both are set at the same time.
     *
     * A last call (drainThenEnd) ends the input without waiting for the peer. From then on reads of the transport only
     * take the bytes in the kernel. When the kernel has none, `end` becomes `lastCall`. Bytes that arrive later are
     * dropped. If the last call is a failure, all bytes in the kernel are taken at once, so that the descriptor can be
     * closed. If the last call is REGULAR, the bytes are taken as reads ask for them.
     */

    /** The regular end of the stream. */
    public static final IOException REGULAR = new IOException("end of stream");

    // written under the lock of the read side, read by any thread
    private volatile @Nullable IOException end;
    private volatile @Nullable IOException lastCall;
    private volatile boolean drained;

    // guarded by the lock of the read side
    /** The reports of the end so far: 0 none, 1 the end, 2 the end and the drain. */
    private byte reported;

    /** Returns the outcome of reads after the last byte, or null while unknown. */
    @Nullable IOException end() {
        return end;
    }

    /** Returns true if the transport has reported its end, or the input was aborted. */
    boolean isDrained() {
        return drained;
    }

    /** Returns true if the peer has ended its stream. */
    boolean isEnded() {
        return end == REGULAR && lastCall == null;
    }

    /** Returns the failure of reads after the last byte, or null for an end of stream or while unknown. */
    @Nullable IOException failure() {
        IOException known = end;
        return known == REGULAR ? null : known;
    }

    /** Returns true after a last call. */
    boolean isEnding() {
        return lastCall != null;
    }

    /** Returns true after a last call, while the kernel may have bytes. */
    boolean isDraining() {
        return lastCall != null && end == null;
    }

    /** Returns true if bytes in the kernel are taken even without a read. */
    boolean isDrainingEagerly() {
        return lastCall != null && lastCall != REGULAR;
    }

    /** Notes the end of the transport. The failure is null for an end of stream. */
    void ended(@Nullable IOException failure) {
        drained = true;
        endWith(lastCall != null ? lastCall : failure != null ? failure : REGULAR);
    }

    /** Sets the end, unless the end is known. Null has no effect. */
    void endWith(@Nullable IOException what) {
        if (end == null) {
            end = what;
        }
    }

    /** Sets the end after a last call, because the kernel has no more bytes. */
    void endDraining() {
        endWith(lastCall);
    }

    /** Ends the input at once, without a report of the end. */
    void abort() {
        endWith(REGULAR);
        drained = true;
        reported = 2;
    }

    /** Sets the last call. Returns false if the end is known, or if a failure is the last call already. */
    boolean drainThenEnd(IOException ending) {
        if (end != null || isDrainingEagerly()) {
            return false;
        }
        lastCall = ending;
        return true;
    }

    /**
     * Returns the end if a report of the end is due, otherwise null. A report is due when the end is known, and again
     * when the transport is drained. Each report is returned to a single caller.
     */
    @Nullable IOException toReport() {
        int known = drained ? 2 : end != null ? 1 : 0;
        if (reported >= known) {
            return null;
        }
        reported = (byte) known;
        return end;
    }
}
