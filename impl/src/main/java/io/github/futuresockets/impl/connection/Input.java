package io.github.futuresockets.impl.connection;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The state of the input: the pending fill, the last call, and the end. Guarded by the lock of {@link ReadState}.
 * Volatile fields may be read without the lock.
 */
public final class Input {
    /*
     * `end` is the outcome of reads after the last byte: null while unknown, END, or a failure. `drained` is true after
     * the transport has reported its end. Without a last call, both are set at the same time.
     *
     * A last call (drainThenEnd) ends the input without waiting for the peer. From then on fills only take the bytes in
     * the kernel. When the kernel has none, `end` becomes `lastCall`. Bytes that arrive later are dropped. If the last
     * call is a failure, all bytes in the kernel are taken at once, so that the descriptor can be closed. If the last
     * call is END, the bytes are taken as reads ask for them.
     *
     * Fills are numbered. `issued` is true while the last fill waits in the transport. A last call after the issue
     * finds `issued` set. A last call before the issue is found by the thread that issues the fill.
     */

    /** The regular end of the stream. */
    public static final IOException END = new IOException("end of stream");

    // written under the lock of the read state, read by any thread
    private volatile @Nullable IOException end;
    private volatile @Nullable IOException lastCall;
    private volatile boolean drained;

    // guarded by the lock of the read state
    /** The reports of the end so far: 0 none, 1 the end, 2 the end and the drain. */
    private int told;

    private boolean filling;
    private boolean issued;

    // guarded by the lock of the read state; the filling thread may read without the lock
    private int fills;

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
        return end == END && lastCall == null;
    }

    /** Returns the failure of reads after the last byte, or null for an end of stream or while unknown. */
    @Nullable IOException failure() {
        IOException known = end;
        return known == END ? null : known;
    }

    /** Returns true after a last call, while the kernel may have bytes. */
    boolean isDraining() {
        return lastCall != null && end == null;
    }

    /** Returns true if bytes in the kernel are taken even without a read. */
    boolean isDrainingEagerly() {
        return lastCall != null && lastCall != END;
    }

    /** Returns true while a fill is pending. */
    boolean isFilling() {
        return filling;
    }

    /** Begins a fill. */
    void fill() {
        filling = true;
        fills++;
    }

    /** Returns the number of the last fill. For the thread that fills. */
    int number() {
        return fills;
    }

    /** Ends the pending fill. */
    void answered() {
        filling = false;
        issued = false;
    }

    /** Notes the end of the transport. The failure is null for an end of stream. */
    void ended(@Nullable IOException failure) {
        drained = true;
        endWith(lastCall != null ? lastCall : failure != null ? failure : END);
    }

    /** Sets the end, unless the end is known. Null has no effect. */
    void endWith(@Nullable IOException what) {
        if (end == null) {
            end = what;
        }
    }

    /** Ends the input at once, without a report of the end. */
    void abort() {
        endWith(END);
        drained = true;
        told = 2;
    }

    /** Notes that a fill waits in the transport. Returns true if the fill must not wait, because of a last call. */
    boolean issued(int fill) {
        issued = filling && fills == fill;
        return issued && isDraining();
    }

    /** Returns the fill in the transport that must not wait any more, because of a last call, or -1. */
    int waitsForNothing() {
        return issued && isDraining() ? fills : -1;
    }

    /** Returns true if the given fill waits in the transport. */
    boolean isWaiting(int fill) {
        return issued && fills == fill;
    }

    /** Ends the input after a last call, because the kernel has no byte for the waiting fill. */
    void ends() {
        endWith(lastCall);
    }

    /** Returns true after a last call. */
    boolean isEnding() {
        return lastCall != null;
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
        if (told >= known) {
            return null;
        }
        told = known;
        return end;
    }
}
