package io.github.futuresockets.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The right to drive a loop of a group that has several threads. The right belongs to the loop's own thread; while that thread is
 * in a handler, a stand-in can take the loop over.
 */
final class Lead {
    /*
     * HELD:  the own thread drives.
     * LENT:  the own thread is in a handler; nobody drives, and a stand-in may begin to.
     * TAKEN: a stand-in drives until the own thread is back.
     *
     *   lend      (own thread)  HELD -> LENT before a handler.
     *   regain    (own thread)  LENT -> HELD behind the handler. If TAKEN: asks the stand-in for the loop, and waits.
     *   claim     (own thread)  LENT -> HELD for a step of the provider within a handler; `unclaim` undoes the claim.
     *   take      (stand-in)    LENT -> TAKEN, unless the own thread asks for the loop.
     *   giveBack  (stand-in)    TAKEN -> LENT, and wakes the own thread.
     *
     * Each is one atomic step, so all state that is confined to a loop passes from one driver to the next. Nothing else is handed
     * over: readiness is a level, so the stand-in finds again what the own thread had found and not yet told, and the own thread
     * then tells some of it in vain.
     *
     * `claimed` is the own thread's: whether `claim` has found the loop LENT. `turns` counts the handlers. It is written by the own thread before `state`, and read by the sentinel behind `state`.
     * `seen` and `unchanged` are the sentinel's.
     */
    private static final int HELD = 0;
    private static final int LENT = 1;
    private static final int TAKEN = 2;

    /** A handler that the sentinel has met again so many times holds its thread. */
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
    private volatile int state;
    private volatile boolean wanted;
    private volatile @Nullable Thread standIn;
    private int turns;
    private boolean claimed;
    private int seen;
    private int unchanged;

    /** Without an own thread, which comes later, the loop is LENT. */
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

    /** Whether the current thread is a stand-in that drives the loop. */
    boolean isStandIn() {
        return standIn == Thread.currentThread();
    }

    /** Before a handler, on the own thread. False within another handler: there is nothing to regain then. */
    boolean lend() {
        if (state != HELD) {
            return false;
        }
        turns++;
        state = LENT;
        sentinel.watch();
        return true;
    }

    /** Behind a handler whose {@link #lend} has returned true; and once at the beginning. */
    void regain() {
        if (!STATE.compareAndSet(this, LENT, HELD) && state == TAKEN) {
            takeBack();
        }
    }

    private void takeBack() {
        wanted = true;
        loop.wakeUp();
        while (!STATE.compareAndSet(this, LENT, HELD)) {
            LockSupport.park(this);
            // With the interrupt status set, the thread would not park.
            Thread.interrupted();
        }
        wanted = false;
    }

    /** Keeps stand-ins away until {@link #unclaim}, on the own thread; false if there is one. Not to be nested. */
    boolean claim() {
        claimed = STATE.compareAndSet(this, LENT, HELD);
        return claimed || state == HELD;
    }

    void unclaim() {
        if (claimed) {
            claimed = false;
            state = LENT;
        }
    }

    /** Whether the stand-in is to give the loop back. */
    boolean isWanted() {
        return wanted;
    }

    /** Makes the current thread the stand-in; false if the loop is in other hands. */
    boolean take() {
        if (wanted || !STATE.compareAndSet(this, LENT, TAKEN)) {
            return false;
        }
        standIn = Thread.currentThread();
        return true;
    }

    void giveBack(@Nullable Thread to) {
        standIn = null;
        state = LENT;
        LockSupport.unpark(to);
    }

    /** The handler waits for something: has a stand-in take over. On any thread. */
    void replace() {
        if (state == LENT) {
            Helpers.execute(loop::standIn);
        }
    }

    /** Has a stand-in take over if a handler holds the thread; returns whether handlers run. By the sentinel. */
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
