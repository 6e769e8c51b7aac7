package io.github.futuresockets.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The right to drive a loop, in a group of several threads. The right belongs to the loop's own thread. While the own
 * thread runs a handler, a stand-in can take the loop.
 */
final class Lead {
    /*
     * States:
     * - HELD: the own thread drives.
     * - LENT: the own thread runs a handler. No thread drives, and a stand-in may take the loop.
     * - TAKEN: a stand-in drives until the own thread returns from the handler.
     *
     * Transitions, each an atomic step:
     * - HELD -> LENT, by `lend` on the own thread, before a handler.
     * - LENT -> HELD, by `regain` on the own thread, after the handler. If the loop is TAKEN, `regain` asks the
     *   stand-in for the loop and waits.
     * - LENT -> HELD, by `claim` on the own thread, for a step of the provider within a handler. `unclaim` reverts the
     *   claim.
     * - LENT -> TAKEN, by `take` on the stand-in, unless the own thread asks for the loop.
     * - TAKEN -> LENT, by `giveBack` on the stand-in, which wakes the own thread.
     *
     * The driver changes only by these steps, so the next driver sees all state that is confined to the loop. Readiness
     * that the own thread has found but not reported needs no transfer. Because readiness is a level, the stand-in
     * finds the readiness again. The own thread may later report some readiness that is out of date.
     */
    private static final int HELD = 0;
    private static final int LENT = 1;
    private static final int TAKEN = 2;

    /** The number of inspections that must find the same handler before a stand-in takes the loop. */
    private static final int PATIENCE = 2;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Lead.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SelectorLoop loop;
    private final Sentinel sentinel;

    // any thread
    private volatile int state;

    /** True while the own thread waits for the loop. */
    private volatile boolean wanted;

    private volatile @Nullable Thread standIn;

    /**
     * The number of handlers. The own thread writes `turns` before `state`. The sentinel reads `turns` after `state`.
     */
    private int turns;

    // the loop's own thread alone
    /** True if {@link #claim} has found the loop LENT. */
    private boolean claimed;

    // the sentinel's thread alone
    private int seen;
    private int unchanged;

    /** Makes a lead in the state HELD, or in the state LENT if the loop has no own thread yet. */
    Lead(SelectorLoop loop, Sentinel sentinel, boolean hasThread) {
        this.loop = loop;
        this.sentinel = sentinel;
        this.state = hasThread ? HELD : LENT;
    }

    boolean isHeld() {
        return state == HELD;
    }

    boolean isLent() {
        return state == LENT;
    }

    boolean isTaken() {
        return state == TAKEN;
    }

    /** Returns true if the current thread is the stand-in that drives the loop. */
    boolean isStandIn() {
        return standIn == Thread.currentThread();
    }

    /**
     * Releases the loop before a handler, on the own thread. Returns false within another handler. Then the caller must
     * not call {@link #regain}.
     */
    boolean lend() {
        if (state != HELD) {
            return false;
        }
        turns++;
        state = LENT;
        sentinel.watch();
        return true;
    }

    /**
     * Takes the loop on the own thread, after a handler whose {@link #lend} has returned true, and when the thread
     * begins.
     */
    void regain() {
        if (!STATE.compareAndSet(this, LENT, HELD) && state == TAKEN) {
            takeBack();
        }
    }

    /** Asks the stand-in for the loop and waits. */
    private void takeBack() {
        wanted = true;
        loop.wakeUp();
        while (!STATE.compareAndSet(this, LENT, HELD)) {
            LockSupport.park(this);
            // Because a thread whose interrupt status is set does not park.
            Thread.interrupted();
        }
        wanted = false;
    }

    /**
     * Keeps stand-ins away until {@link #unclaim}, on the own thread. Returns false if a stand-in drives the loop.
     * Claims must not be nested.
     */
    boolean claim() {
        claimed = STATE.compareAndSet(this, LENT, HELD);
        return claimed || state == HELD;
    }

    /** Reverts a {@link #claim} that has changed the state. Has no effect otherwise. */
    void unclaim() {
        if (claimed) {
            claimed = false;
            state = LENT;
        }
    }

    /** Returns true if the stand-in is to give the loop back. */
    boolean isWanted() {
        return wanted;
    }

    /**
     * Makes the current thread the stand-in. Returns false if the loop is not LENT, or the own thread waits for the
     * loop.
     */
    boolean take() {
        if (wanted || !STATE.compareAndSet(this, LENT, TAKEN)) {
            return false;
        }
        standIn = Thread.currentThread();
        return true;
    }

    /** Releases the loop on the stand-in, and wakes the own thread. */
    void giveBack(@Nullable Thread to) {
        standIn = null;
        state = LENT;
        LockSupport.unpark(to);
    }

    /** Starts a stand-in if the own thread runs a handler. On any thread. */
    void replace() {
        if (state == LENT) {
            Helpers.execute(loop::standIn);
        }
    }

    /** Starts a stand-in if a handler holds the own thread. Returns true if handlers run. By the sentinel. */
    boolean inspect() {
        boolean lent = state == LENT;
        boolean moved = turns != seen;
        seen = turns;
        unchanged = lent && !moved ? unchanged + 1 : 0;
        if (unchanged >= PATIENCE) {
            unchanged = 0;
            replace();
        }
        return lent || moved;
    }
}
