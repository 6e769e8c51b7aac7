package io.github.futuresockets.compose;

import org.jspecify.annotations.Nullable;

/**
 * Lets threads wait for the end of a call in progress. A canceller waits in this way for the begin of a read, so that
 * no read begins after the cancel.
 *
 * <p>One thread at a time is within a call. Any thread may wait.
 */
public final class CallGate {
    /*
     * `leave` writes `caller` and then reads `waiters`. `awaitOther` writes `waiters` and then reads `caller`. Both
     * fields are volatile. Either the waiter finds no caller, or `leave` finds the waiter and notifies. The waiter
     * holds the monitor from the read of `caller` to the wait, and `leave` notifies under the monitor. Therefore no
     * notification is lost. No other code runs under the monitor.
     */
    private volatile @Nullable Thread caller;

    // written under this
    private volatile int waiters;

    /** Makes a gate without a call in progress. */
    public CallGate() {}

    /** Begins a call of the current thread. Follow by {@link #leave}. */
    public void enter() {
        caller = Thread.currentThread();
    }

    /** Ends the call of the current thread. */
    public void leave() {
        caller = null;
        if (waiters > 0) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /**
     * Waits while another thread is within a call. An interrupt does not end the wait, and the interrupt status stays
     * set. Returns at once within a call of the current thread.
     */
    public void awaitOther() {
        if (!isOther()) {
            return;
        }
        boolean interrupted = false;
        synchronized (this) {
            waiters++;
            while (isOther()) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            waiters--;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOther() {
        Thread now = caller;
        return now != null && now != Thread.currentThread();
    }
}
