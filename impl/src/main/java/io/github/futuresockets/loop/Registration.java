package io.github.futuresockets.loop;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/**
 * The registration of a channel with the selector of its loop: requests for readiness, notifications, and the close.
 */
final class Registration {
    /*
     * `state` has two bits for each direction, IN and OUT:
     * - WANTED: the owner has requested a notification.
     * - ARMED: the interest set of the key has the operation, so each poll reports the readiness.
     *
     * Steps, each atomic on `state`:
     * - `want`, on any thread: sets WANTED. If ARMED was not set, arms the key on the loop's thread.
     * - `ready`, on the loop's thread: if WANTED is set, clears WANTED and notifies the owner. Otherwise clears ARMED
     *   and disarms the key, because an armed key without a request would make the loop spin.
     *
     * Either `ready` sees WANTED, or `want` sees that ARMED is cleared. ARMED and the key change only on the loop's
     * thread, so both agree. Because readiness is a level, a key that is armed late still reports earlier readiness.
     *
     * After a notification, IN stays armed, because in most cases the owner requests again at once, and then no system
     * call is needed. OUT is disarmed, because in most cases there is room. The selector makes a system call only for
     * an interest set that differs between two polls.
     *
     * "The loop's thread" is the thread that drives the loop. While a handler runs, a stand-in may take the loop. After
     * the handler, the own thread may notify owners of readiness that is out of date.
     *
     * A close cancels the key. The descriptor can be closed after a poll has removed the key from the selector.
     */

    /** The channel that receives the notifications. */
    interface Owner extends ReadinessListener, Closeable {
        Registration registration();

        /** Called when input has arrived without a request. */
        void inputUnclaimed();
    }

    private static final VarHandle STATE;

    static final int IN = 0;
    static final int OUT = 2;
    private static final int WANTED = 1;
    private static final int ARMED = 2;
    private static final int INPUTS = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
    private static final int OUTPUTS = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Registration.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SelectorLoop loop;
    private final Owner owner;
    private final SelectionKey key;

    private volatile int state;

    // the driving thread alone
    /** The operations that the last poll has found ready. */
    private int found;

    /** Registers the channel with the selector of the loop, without any interest. */
    Registration(SelectorLoop loop, SelectableChannel channel, Owner owner) throws IOException {
        this.loop = loop;
        this.owner = owner;
        channel.configureBlocking(false);
        this.key = channel.register(loop.poller().selector(), 0);
    }

    /** Publishes the owner. From now on, notifications and {@code shutdownNow} of the group reach the owner. */
    void publish() {
        key.attach(this);
    }

    SelectorLoop loop() {
        return loop;
    }

    Owner owner() {
        return owner;
    }

    /**
     * Requests a single notification of the owner. From any thread. {@code operation} is a bit of {@link SelectionKey}.
     */
    void want(int direction, int operation) {
        int before = (int) STATE.getAndBitwiseOr(this, WANTED << direction);
        if ((before & ARMED << direction) == 0) {
            if (loop.claim()) {
                try {
                    arm(direction, operation);
                } finally {
                    loop.unclaim();
                }
            } else {
                loop.post((Upkeep) () -> arm(direction, operation));
            }
        }
    }

    private void arm(int direction, int operation) {
        if ((state & WANTED << direction) != 0) {
            STATE.getAndBitwiseOr(this, ARMED << direction);
            interest(operation, 0);
        }
    }

    /** Changes the interest set of the key. Ignores a cancelled key. */
    private void interest(int added, int removed) {
        try {
            key.interestOps(key.interestOps() & ~removed | added);
        } catch (CancelledKeyException closed) {
            Log.log(Level.TRACE, "closed meanwhile", closed);
        }
    }

    /** Stores the ready operations, within a poll. Returns false if the channel is being closed. */
    boolean found() {
        try {
            found = key.readyOps();
            return true;
        } catch (CancelledKeyException closed) {
            return false;
        }
    }

    /** Notifies the owner of the ready operations, after a poll. */
    void ready() {
        if ((found & OUTPUTS) != 0) {
            int before = (int) STATE.getAndBitwiseAnd(this, ~((WANTED | ARMED) << OUT));
            interest(0, OUTPUTS);
            if ((before & WANTED << OUT) != 0) {
                owner.writable();
            }
        }
        if ((found & INPUTS) != 0 && isInputWanted()) {
            owner.readable();
        }
    }

    /** Takes the request for input and returns true. If there is no request, disarms the key and returns false. */
    private boolean isInputWanted() {
        while (true) {
            int now = state;
            boolean wanted = (now & WANTED << IN) != 0;
            if (STATE.compareAndSet(this, now, now & ~((wanted ? WANTED : ARMED) << IN))) {
                if (!wanted) {
                    interest(0, INPUTS);
                    owner.inputUnclaimed();
                }
                return wanted;
            }
        }
    }

    /**
     * Closes the descriptor. On the loop's thread, the next poll precedes the close. On any other thread, the
     * descriptor is closed on return. Call once.
     *
     * @param then runs after the close, on the loop's thread or the current thread
     */
    void release(Runnable then) {
        key.cancel();
        if (loop.claim()) {
            try {
                loop.closing(() -> closeDescriptor(then));
            } finally {
                loop.unclaim();
            }
        } else {
            releaseNow(then);
        }
    }

    /** Closes the descriptor before the method returns, at the price of a further system call. Call once. */
    void releaseNow(Runnable then) {
        key.cancel();
        loop.poller().deregister();
        closeDescriptor(then);
    }

    /** Closes the descriptor, after the key was removed from the selector. */
    private void closeDescriptor(Runnable then) {
        SelectableChannel channel = key.channel();
        try {
            channel.close();
        } catch (IOException e) {
            Log.log(Level.DEBUG, "close of " + channel, e);
        } finally {
            loop.group().closed();
            then.run();
        }
    }
}
