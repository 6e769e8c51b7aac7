package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What happens on a connection: how many operations in a row were complete on return, how long ago a byte has moved, and what
 * is not over yet.
 *
 * <p>After so many operations in a row the next one is left to the loop, so that a recursion over them ends. It has ended when
 * an operation that is completed later finds a dependent: one that is completed before its caller has hung anything on it
 * lets the recursion go on. A hint: races do no harm.
 *
 * <p>A superclass of the connection and no part of it, since each connection pays for each object.
 */
abstract class Activity extends Handle implements StallTimer.Watched {
    private static final AtomicIntegerFieldUpdater<Activity> UNFINISHED =
            AtomicIntegerFieldUpdater.newUpdater(Activity.class, "unfinished");

    private volatile @Nullable StallTimer idle;
    private volatile int unfinished;
    private static final int LIMIT = 32;

    /** How long completions elsewhere are waited for if a close has no limit. */
    private static final long LONGEST_HOLD = TimeUnit.SECONDS.toNanos(5);

    /** No more than the limit; a byte, since with it a connection is 8 bytes smaller. */
    private byte streak;

    /** What is unfinished holds up the end no longer. */
    private volatile boolean overdue;

    /** Written under this object's monitor. */
    private volatile @Nullable Closing closing;

    /** Ends what holds up the end. Guarded by this object's monitor. */
    private @Nullable Future<?> holding;

    Activity(AsyncSocket socket, boolean watched) {
        super(socket, watched);
    }

    final boolean isTooLong() {
        return streak >= LIMIT;
    }

    /** An operation returns. */
    final void returned(CompletableFuture<?> operation) {
        if (streak < LIMIT && operation.isDone()) {
            streak++;
        }
    }

    /** An operation that was pending on return is about to be completed. */
    final void completing(CompletableFuture<?> operation) {
        if (streak != 0 && operation.getNumberOfDependents() > 0) {
            streak = 0;
        }
    }

    /** Runs a task on the loop, later. From its own thread that is after the caller has returned: the recursion ends. */
    final void endStreak(Loop loop, Runnable task) {
        if (loop.defer(task)) {
            streak = 0;
        }
    }

    /** The caller goes on after it has returned from what it does now. */
    final void endStreak() {
        streak = 0;
    }

    /** Ends the connection when no byte has moved for so long; 0: never. */
    final void idleTimeout(long nanos) {
        StallTimer timer;
        synchronized (this) {
            timer = idle;
            if (timer == null) {
                if (nanos == 0 || !isWaiting()) {
                    return;
                }
                timer = new StallTimer(this, nanos);
                idle = timer;
            }
        }
        timer.limit(nanos);
    }

    /** A byte has moved. */
    final void moved() {
        StallTimer timer = idle;
        if (timer != null) {
            timer.progress();
        }
    }

    /** A byte of ours has left. */
    final void left() {
        Closing underWay = closing;
        if (underWay != null) {
            underWay.progress();
        }
    }

    /** From now on bytes of this connection count for that timer, which others share, and for none of its own. */
    final void idleTimer(StallTimer shared) {
        StallTimer own;
        synchronized (this) {
            own = idle;
            idle = shared;
        }
        if (own != null && own != shared) {
            own.stop();
        }
    }

    /** The connection ends. A timer goes on that another connection needs, too. */
    final void stopIdling() {
        StallTimer timer = idle;
        if (timer != null) {
            timer.stopUnlessNeeded();
        }
    }

    /**
     * To be called when a close that has nothing to wait for is over: a timer costs more than all of that. 0: no limit. A close
     * that cannot be limited is not waited for.
     */
    final void limitClosing(long nanos) {
        if (nanos == 0) {
            return;
        }
        try {
            synchronized (this) {
                if (isWaiting()) {
                    Closing begun = new Closing((Connection) this, nanos);
                    closing = begun;
                    begun.arm();
                }
            }
        } catch (Throwable e) {
            unwatched(e);
        }
    }

    final synchronized void stopClosing() {
        Closing underWay = closing;
        if (underWay != null) {
            underWay.stop();
            closing = null;
        }
    }

    /** Completes a future of this connection where the user wants that; {@link #closed} comes behind it. Does not throw. */
    final void complete(Runnable completion) {
        if (!engine().completesElsewhere()) {
            ChannelLoop.guard(completion);
            return;
        }
        begin();
        ChannelLoop.guard(() -> engine().complete(() -> {
            ChannelLoop.guard(completion);
            finished();
        }));
    }

    /** What {@link #begin} has announced is over. */
    final void finished() {
        if (UNFINISHED.decrementAndGet(this) == 0) {
            checkReleased();
        }
    }

    /** Announces what has to be over before the connection is: a thread that ends it, a completion somewhere else. */
    final void begin() {
        UNFINISHED.incrementAndGet(this);
    }

    /**
     * Whether something unfinished holds up the end. A completion may be lost: an executor may drop it. So none is waited for
     * longer than for the close.
     */
    final boolean isHeldUp() {
        if (unfinished == 0 || overdue) {
            return false;
        }
        if (!engine().completesElsewhere()) {
            return true;
        }
        if (engine().hasLostCompletions()) {
            engine().takeOverCompletions();
        }
        limitHolding();
        return unfinished != 0 && !overdue;
    }

    private void limitHolding() {
        long allowed = Engine.nanos(engine().settings().closeTimeout());
        try {
            synchronized (this) {
                if (holding == null && unfinished != 0) {
                    holding = engine().alarm(this::holdNoLonger, allowed == 0 ? LONGEST_HOLD : allowed, loop());
                }
            }
        } catch (Throwable e) {
            Log.log(Level.DEBUG, "no alarm for the completions of " + this, e);
            overdue = true;
        }
    }

    /** The connection has ended. */
    final synchronized void stopHolding() {
        if (holding != null) {
            holding.cancel(false);
            holding = null;
        }
    }

    private void holdNoLonger() {
        engine().takeOverCompletions();
        overdue = true;
        checkReleased();
    }

    /** Something is over that a connection which is being released may have waited for. */
    abstract void checkReleased();
}
