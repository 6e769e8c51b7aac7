package io.github.futuresockets.loop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The selector of a loop, and the wake-up of the thread that waits for the selector. */
final class Poller {
    /*
     * Wake-up. The driving thread sets `asleep`, and then looks for work a last time. Another thread adds work, and
     * then reads `asleep`. If `asleep` is set, the other thread wakes the selector. So no work is missed. A superfluous
     * wake-up costs a single poll.
     *
     * Polls by other threads. A poll only collects the ready registrations. Handlers run after the poll, when the
     * thread holds no lock of the selector. So another thread can poll too, to remove a cancelled key (`deregister`):
     * - The thread counts itself in `strangers`, wakes the selector and polls.
     * - The thread drops the ready registrations. The next poll of the loop finds the same registrations again.
     * - Meanwhile the loop yields for a while, and then polls without blocking.
     * - The thread wakes the selector a second time, because its poll may have consumed a wake-up of the loop.
     */
    private static final Consumer<SelectionKey> DROP = key -> {};
    private static final int YIELDS = 1_000;
    private static final long PAUSE_AFTER_FAILURE = 10_000_000;

    private final Selector selector;

    // any thread
    /** The number of threads in {@link #deregister}. */
    private final AtomicInteger strangers = new AtomicInteger();

    private volatile boolean asleep;

    Poller() throws IOException {
        selector = Selector.open();
    }

    Selector selector() {
        return selector;
    }

    boolean isAsleep() {
        return asleep;
    }

    /** Wakes the driving thread if the thread waits for the selector. */
    void wakeUp() {
        if (asleep) {
            asleep = false;
            selector.wakeup();
        }
    }

    /**
     * Collects the ready registrations. If the loop has no work, waits for a ready registration or the first time-out.
     * By the driving thread.
     */
    void poll(SelectorLoop loop, Found found) {
        for (int i = 0; i < YIELDS && strangers.get() > 0; i++) {
            Thread.yield();
        }
        found.clear();
        asleep = true;
        try {
            if (strangers.get() > 0 || loop.isWorkThere()) {
                selector.selectNow(found);
            } else {
                selector.select(found, loop.timers().delay());
            }
        } catch (Throwable e) {
            Log.log(Level.ERROR, "an event loop cannot poll; it goes on after a pause", e);
            LockSupport.parkNanos(PAUSE_AFTER_FAILURE);
        }
        asleep = false;
        if (found.isEmpty()) {
            // Clears an interrupt, because a set interrupt status ends every poll at once.
            Thread.interrupted();
        }
    }

    /** Removes cancelled keys from the selector. On any thread, outside a poll. */
    void deregister() {
        strangers.incrementAndGet();
        try {
            selector.wakeup();
            selector.selectNow(DROP);
        } catch (IOException e) {
            Log.log(Level.DEBUG, "poll for a close", e);
        } finally {
            strangers.decrementAndGet();
            selector.wakeup();
        }
    }

    /** Closes all published channels. Has no effect after the selector is closed. */
    void closeAll() throws IOException {
        List<SelectionKey> keys;
        try {
            keys = new ArrayList<>(selector.keys());
        } catch (ClosedSelectorException ended) {
            return;
        }
        for (SelectionKey key : keys) {
            Registration each = (Registration) key.attachment();
            if (each != null) {
                each.owner().close();
            }
        }
    }
}
