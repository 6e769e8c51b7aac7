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

/** The selector of a loop, and what wakes the thread that waits there. */
final class Poller {
    /*
     * `asleep` is set before the loop looks for work a last time and cleared when it is back; whoever brings work looks at it
     * behind that, and wakes the selector if it finds it set. So either the loop sees the work or it is woken. A wake-up too
     * many costs one poll.
     *
     * A poll only collects what is ready; handlers run behind it, when no monitor of the selector is held. So another thread
     * can poll too, in order to take a cancelled key out (`deregister`): it announces itself, wakes the selector, polls and
     * drops what it finds, which the next poll finds again. The loop makes way for whoever is announced: it yields for a while,
     * and then does not block in its own poll. Since a stranger's poll may eat a wake-up that was meant for the loop, it is
     * followed by another.
     */
    private static final Consumer<SelectionKey> DROP = key -> {};
    private static final int YIELDS = 1_000;
    private static final long PAUSE_AFTER_FAILURE = 10_000_000;

    private final Selector selector;
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

    void wakeUp() {
        if (asleep) {
            asleep = false;
            selector.wakeup();
        }
    }

    /** Finds what is ready; waits for that, or for the first time-out, if the loop has no work. By the driving thread. */
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
            // An interrupt ends every poll at once, until it is taken away; nobody here waits for one.
            Thread.interrupted();
        }
    }

    /** Takes cancelled keys out of the selector. On any thread, outside a poll. */
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

    /** Closes all channels that are published; without effect on a selector that has none any more. */
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
