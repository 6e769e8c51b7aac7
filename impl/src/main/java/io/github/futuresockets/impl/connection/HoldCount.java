package io.github.futuresockets.impl.connection;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * The holds on a connection. A connection is closed after its last hold was released.
 *
 * <p>A firm hold always delays the end. A limited hold delays the end at most until {@link #endLimited}. A new count
 * has a single firm hold.
 *
 * <p><b>Concurrency.</b> Any thread may call any method.
 */
final class HoldCount {
    /*
     * `state`: the number of firm holds in the low 32 bits, the number of limited holds in the next 30 bits, and two
     * flags.
     *
     * Invariant: CLOSED is set at most once, by a compare-and-set on a state without a hold that counts. The thread
     * that sets CLOSED is told, and no other thread. A limited hold may be taken after the end, and has no effect.
     *
     * Invariant: no firm hold is taken after the last firm hold was released.
     */
    private static final AtomicLongFieldUpdater<HoldCount> STATE =
            AtomicLongFieldUpdater.newUpdater(HoldCount.class, "state");

    private static final long FIRM = 1;
    private static final long LIMITED = 1L << 32;
    private static final long OVERDUE = 1L << 62;
    private static final long CLOSED = 1L << 63;

    // changed by STATE, by any thread
    private volatile long state = FIRM;

    private static int firm(long state) {
        return (int) state;
    }

    private static int limited(long state) {
        return (int) ((state & ~(OVERDUE | CLOSED)) >>> 32);
    }

    /** Takes a firm hold. The caller or another thread has a firm hold already. */
    void hold() {
        long before = STATE.getAndAdd(this, FIRM);
        assert firm(before) > 0 : Long.toHexString(before);
    }

    /** Releases a firm hold. Returns true if the caller has to end the connection. */
    boolean release() {
        long now = STATE.addAndGet(this, -FIRM);
        assert firm(now) >= 0 : Long.toHexString(now);
        return firm(now) == 0 && end();
    }

    /** Takes a limited hold. */
    void holdLimited() {
        STATE.getAndAdd(this, LIMITED);
    }

    /** Releases a limited hold. Returns true if the caller has to end the connection. */
    boolean releaseLimited() {
        long now = STATE.addAndGet(this, -LIMITED);
        return firm(now) == 0 && end();
    }

    /** Lets limited holds count no longer. Returns true if the caller has to end the connection. */
    boolean endLimited() {
        STATE.accumulateAndGet(this, OVERDUE, (now, flag) -> now | flag);
        return end();
    }

    /** Returns true if nothing but limited holds delays the end. */
    boolean isLimited() {
        long now = state;
        return now > 0 && firm(now) == 0 && limited(now) > 0 && (now & OVERDUE) == 0;
    }

    /** Sets CLOSED if no hold counts. Returns false if a hold counts, or if CLOSED was set before. */
    private boolean end() {
        while (true) {
            long now = state;
            if (now < 0 || firm(now) != 0 || limited(now) != 0 && (now & OVERDUE) == 0) {
                return false;
            }
            if (STATE.compareAndSet(this, now, now | CLOSED)) {
                return true;
            }
        }
    }
}
