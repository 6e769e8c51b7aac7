package io.github.futuresockets.impl;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the stream that comes in: the fill under way, and the end. {@link ReadState} guards it; the volatile fields
 * may be asked about without its lock.
 */
final class Input {
    /*
     * `end` is what reads get behind the last byte: null while unknown, END, or a failure. `drained` says that the
     * transport gives nothing more. They come together, unless there is a last call: from then on fills do not wait for
     * the peer, and when the kernel has nothing, `end` becomes `lastCall`, while the transport may still have more, to be
     * dropped. If the last call is for a failure, what the kernel has is taken at once, so that the descriptor can go;
     * otherwise as it is asked for.
     *
     * Fills are numbered. `issued` says that the last one waits in the transport, so that a last call which comes later
     * knows of it; a last call that comes before is seen by whoever issues.
     */

    /** The regular end of the stream. */
    static final IOException END = new IOException("end of stream");

    private volatile @Nullable IOException end;
    private volatile @Nullable IOException lastCall;
    private volatile boolean drained;
    private int told;
    private boolean filling;
    private boolean issued;
    private int fills;

    /** What reads get behind the last byte, if that is known. */
    @Nullable IOException end() {
        return end;
    }

    /** Whether the transport gives nothing more. */
    boolean isDrained() {
        return drained;
    }

    /** Whether the peer has ended its stream. */
    boolean isEnded() {
        return end == END && lastCall == null;
    }

    /** What reads fail with behind the last byte, if that is known. */
    @Nullable IOException failure() {
        IOException known = end;
        return known == END ? null : known;
    }

    /** Whether a fill has to find out what the kernel has. */
    boolean isLast() {
        return lastCall != null && end == null;
    }

    /** Whether what the kernel has is to be taken even if nobody reads. */
    boolean isLastAtOnce() {
        return lastCall != null && lastCall != END;
    }

    boolean isFilling() {
        return filling;
    }

    void fill() {
        filling = true;
        fills++;
    }

    /** The number of the fill, for the thread that fills. */
    int number() {
        return fills;
    }

    void answered() {
        filling = false;
        issued = false;
    }

    /** The transport has no more. */
    void ended(@Nullable IOException failure) {
        drained = true;
        endWith(lastCall != null ? lastCall : failure != null ? failure : END);
    }

    void endWith(@Nullable IOException what) {
        if (end == null) {
            end = what;
        }
    }

    /** Nothing is awaited any more, and nobody is to be told. */
    void abort() {
        endWith(END);
        drained = true;
        told = 2;
    }

    /** That fill waits in the transport; true if it must not. */
    boolean issued(int fill) {
        issued = filling && fills == fill;
        return issued && isLast();
    }

    /** The fill that waits in the transport and must not any more, or -1. */
    int waitingInVain() {
        return issued && isLast() ? fills : -1;
    }

    /** Whether that fill waits in the transport. */
    boolean isWaiting(int fill) {
        return issued && fills == fill;
    }

    /** The kernel has nothing for the fill that waits: the end comes nevertheless. */
    void ends() {
        endWith(lastCall);
    }

    /** Whether there has been a last call. */
    boolean isCalled() {
        return lastCall != null;
    }

    /** From now on nothing is waited for; the first failure stays. */
    boolean callLast(IOException ending) {
        if (end != null || isLastAtOnce()) {
            return false;
        }
        lastCall = ending;
        return true;
    }

    /** The end, for the one caller who is to tell it: when reads get it, and when the transport has. */
    @Nullable IOException toTell() {
        int known = drained ? 2 : end != null ? 1 : 0;
        if (told >= known) {
            return null;
        }
        told = known;
        return end;
    }
}
