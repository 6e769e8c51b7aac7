package io.github.futuresockets.loop;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/** A selectable channel with its loop: who waits for what, and the end. */
final class Registration {
    /*
     * For each of two directions, IN and OUT, `state` has two bits. WANTED: somebody waits and is to be told once. ARMED: the
     * key has the operation in its interest set, so the selector reports the readiness at every poll.
     *
     *   want (any thread)        sets WANTED; if it was not ARMED, has it armed on the loop's thread.
     *   ready (loop's thread)    WANTED: clears it and tells. Not WANTED: clears ARMED and disarms, or the loop would spin.
     *
     * Each is one atomic step on `state`: either `ready` sees WANTED, or `want` sees that ARMED is gone. ARMED and the key
     * change on the loop's thread only, so they agree. Readiness is a level: whoever arms late is told of what came before.
     *
     * IN stays armed after it has been told, since mostly somebody waits again at once, and then there is no system call;
     * OUT does not, since there is room nearly always. The selector makes a system call only for what has changed from one
     * poll to the next.
     *
     * "On the loop's thread" is: on the thread that drives the loop. A handler that another thread relieves may find it driven by
     * another one when it returns; what it goes on to tell then is out of date, and told in vain.
     *
     * Closing cancels the key; the descriptor can go when a poll has taken it out of the selector.
     */

    /** The channel of NIO.2, which is told what it waits for. */
    interface Owner extends ReadinessListener, Closeable {
        Registration registration();

        /** There is input that nobody waits for. */
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

    /** The operations that the last poll has found: the loop's thread's. */
    private int found;

    /** The channel belongs to the loop from now on; nothing is waited for yet. */
    Registration(SelectorLoop loop, SelectableChannel channel, Owner owner) throws IOException {
        this.loop = loop;
        this.owner = owner;
        channel.configureBlocking(false);
        this.key = channel.register(loop.poller().selector(), 0);
    }

    /** The owner is complete: from now on events and the end of the group reach it. */
    void publish() {
        key.attach(this);
    }

    SelectorLoop loop() {
        return loop;
    }

    Owner owner() {
        return owner;
    }

    /** Has the owner told, once; {@code operation} is what the key calls it. From any thread. */
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

    /** A key that is cancelled meanwhile is no longer of interest. */
    private void interest(int added, int removed) {
        try {
            key.interestOps(key.interestOps() & ~removed | added);
        } catch (CancelledKeyException closed) {
            Log.log(Level.TRACE, "closed meanwhile", closed);
        }
    }

    /** Within a poll: notes what it has found; false if the channel is being closed. */
    boolean found() {
        try {
            found = key.readyOps();
            return true;
        } catch (CancelledKeyException closed) {
            return false;
        }
    }

    /** After a poll. */
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

    /** Whether somebody waits, and does not any more; if nobody does, disarms. */
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
     * Closes the descriptor: on the loop's thread behind the next poll, on any other before this returns. To be called once.
     *
     * @param then runs behind it, on the loop's thread or this one
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

    /** The same, always before this returns, for one more system call. */
    void releaseNow(Runnable then) {
        key.cancel();
        loop.poller().deregister();
        closeDescriptor(then);
    }

    /** The key is out of the selector. */
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
