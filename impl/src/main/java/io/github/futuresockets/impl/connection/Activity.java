package io.github.futuresockets.impl.connection;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.transport.IoLoop;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The activity of a connection: its inline budget, its idle time-out, its close deadline, and its holds.
 *
 * <ul>
 *   <li>Inline budget: after {@link #LIMIT} operations in a row that were complete on return, the loop completes the
 *       next operation, so that a recursion over operations ends. The budget is refilled when an operation that was
 *       pending on return completes and has a dependent. Without a dependent its caller may still be inside the
 *       recursion. Because the count is a hint, races on the count are harmless.
 *   <li>Holds: the release of the connection waits until each {@link #hold} has had its {@link #unhold}.
 * </ul>
 *
 * <p>A superclass of the connection, and not a field, because each object costs memory in every connection.
 */
abstract class Activity extends SocketReference implements StallTimer.Watched {
    private static final AtomicIntegerFieldUpdater<Activity> UNFINISHED =
            AtomicIntegerFieldUpdater.newUpdater(Activity.class, "unfinished");

    // written under this, read by any thread
    private volatile @Nullable StallTimer idle;

    // changed by UNFINISHED, by any thread
    /** The number of holds. */
    private volatile int unfinished;

    /** The inline budget: the most operations in a row that are complete on return. */
    private static final int LIMIT = 32;

    /** The longest wait for completions in the user's executor, in nanoseconds, if a close has no time-out. */
    private static final long LONGEST_HOLD = TimeUnit.SECONDS.toNanos(5);

    // any thread, without a lock
    /** The operations in a row that were complete on return, at most LIMIT. A byte saves 8 bytes of each connection. */
    private byte streak;

    // set once, by the loop or by a thread without an alarm
    /** True if holds delay the release no longer. */
    private volatile boolean overdue;

    // written under this, read by any thread
    private volatile @Nullable CloseDeadline closing;

    // guarded by this
    /** The alarm that sets overdue. */
    private @Nullable Future<?> holding;

    Activity(AsyncSocket socket, boolean watched) {
        super(socket, watched);
    }

    /** Returns true if the inline budget is spent, so that the loop has to complete the next operation. */
    final boolean isInlineSpent() {
        return streak >= LIMIT;
    }

    /** Counts an operation that returns to its caller, if the operation is complete. */
    final void completedInline(CompletableFuture<?> operation) {
        if (streak < LIMIT && operation.isDone()) {
            streak++;
        }
    }

    /** Refills the inline budget if an operation has a dependent. Called before a later completion of the operation. */
    final void completesLater(CompletableFuture<?> operation) {
        if (streak != 0 && operation.getNumberOfDependents() > 0) {
            streak = 0;
        }
    }

    /**
     * Runs a task on the loop, later. If the caller is the loop, the task runs after the caller has returned. The
     * recursion has then ended, and the inline budget is refilled.
     */
    final void refillInline(IoLoop loop, Runnable task) {
        if (loop.defer(task)) {
            streak = 0;
        }
    }

    /** Refills the inline budget for a caller that continues after its current callback has returned. */
    final void refillInline() {
        streak = 0;
    }

    /** Sets the idle time-out: the connection ends when no byte has moved for {@code nanos}. 0 means no time-out. */
    public final void idleTimeout(long nanos) {
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

    /** Notes for the idle time-out that a byte moved. */
    final void moved() {
        StallTimer timer = idle;
        if (timer != null) {
            timer.progress();
        }
    }

    /** Notes for the close deadline that a byte was sent. */
    final void left() {
        CloseDeadline underWay = closing;
        if (underWay != null) {
            underWay.progress();
        }
    }

    /** Replaces the idle timer of this connection with a timer shared by two connections. */
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

    /**
     * Stops the idle timer at the end of the connection. A shared timer stops only after the end of both connections.
     */
    final void stopIdling() {
        StallTimer timer = idle;
        if (timer != null) {
            timer.stopUnlessNeeded();
        }
    }

    /**
     * Starts the close deadline, unless the close is complete. Called after the first steps of a close, because a timer
     * costs more than a close that completes at once. If no alarm can be set, the connection ends at once.
     *
     * @param nanos the time-out of the close; 0 means no deadline
     */
    final void limitClosing(long nanos) {
        if (nanos == 0) {
            return;
        }
        try {
            synchronized (this) {
                if (isWaiting()) {
                    CloseDeadline begun = new CloseDeadline((Connection) this, nanos);
                    closing = begun;
                    begun.arm();
                }
            }
        } catch (Throwable e) {
            unwatched(e);
        }
    }

    /** Stops the close deadline. */
    final synchronized void stopClosing() {
        CloseDeadline underWay = closing;
        if (underWay != null) {
            underWay.stop();
            closing = null;
        }
    }

    /**
     * Runs a completion on this thread, or in the user's executor if there is an executor. The futures of
     * {@link #closed} complete after the completion. Does not throw.
     */
    final void complete(Runnable completion) {
        if (!engine().completesElsewhere()) {
            Threads.guard(completion);
            return;
        }
        hold();
        Threads.guard(() -> engine().complete(() -> {
            Threads.guard(completion);
            unhold();
        }));
    }

    /** Ends a {@link #hold}. */
    public final void unhold() {
        if (UNFINISHED.decrementAndGet(this) == 0) {
            checkReleased();
        }
    }

    /**
     * Delays the release of the connection until {@link #unhold}, for an ending thread or a completion in an executor.
     */
    public final void hold() {
        UNFINISHED.incrementAndGet(this);
    }

    /**
     * Returns true if a hold delays the release. Because an executor may drop a completion, completions in an executor
     * are awaited no longer than the time-out of a close.
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
        long allowed = Clock.nanos(engine().settings().closeTimeout());
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

    /** Cancels the alarm of the holds, after the end of the connection. */
    final synchronized void stopHolding() {
        if (holding != null) {
            holding.cancel(false);
            holding = null;
        }
    }

    /** Runs the completions that the executor may have dropped, and ends the delay by holds. */
    private void holdNoLonger() {
        engine().takeOverCompletions();
        overdue = true;
        checkReleased();
    }

    /** Completes a release of the connection if nothing is outstanding any more. */
    abstract void checkReleased();
}
