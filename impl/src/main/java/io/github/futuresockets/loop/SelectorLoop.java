package io.github.futuresockets.loop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ProtocolFamily;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A thread and its selector: polls, tells what is ready, runs tasks and time-outs, closes what is to be closed. */
final class SelectorLoop implements EventLoop, Runnable {
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
    /** How many handlers may be on the stack of a thread. */
    private static final int MAX_DEPTH = 16;

    private static final int YIELDS = 1_000;
    private static final long PAUSE_AFTER_FAILURE = 10_000_000;

    private final LoopChannelGroup group;
    private final Selector selector;
    private final TaskQueue tasks = new TaskQueue();
    private final Timers timers = new Timers();
    private final AtomicInteger strangers = new AtomicInteger();
    private final Consumer<SelectionKey> collect = this::collect;
    private final Consumer<Runnable> runTask = this::runTask;
    private volatile boolean asleep;
    private volatile boolean ending;
    private volatile @Nullable Thread thread;

    /** The loop's thread's. */
    private Registration[] ready = new Registration[64];

    private int count;
    private final ArrayDeque<Runnable> closing = new ArrayDeque<>();
    private int depth;

    SelectorLoop(LoopChannelGroup group) throws IOException {
        this.group = group;
        this.selector = Selector.open();
    }

    LoopChannelGroup group() {
        return group;
    }

    Selector selector() {
        return selector;
    }

    Timers timers() {
        return timers;
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public AsynchronousSocketChannel openSocketChannel(@Nullable ProtocolFamily family) throws IOException {
        return LoopSocketChannel.open(this, family);
    }

    @Override
    public AsynchronousServerSocketChannel openServerSocketChannel(@Nullable ProtocolFamily family) throws IOException {
        return LoopServerSocketChannel.open(this, family);
    }

    @Override
    public void execute(Runnable task) {
        if (!post(Objects.requireNonNull(task, "task"))) {
            throw new RejectedExecutionException("the channel group has terminated");
        }
    }

    /** False if the loop has ended, and with it all channels. */
    boolean post(Runnable task) {
        boolean taken = tasks.add(task);
        wakeUp();
        return taken;
    }

    void wakeUp() {
        if (asleep) {
            asleep = false;
            selector.wakeup();
        }
    }

    /** Ends the thread; the last channel of the group is closed. */
    void end() {
        ending = true;
        wakeUp();
    }

    /** Nothing has been started on it. */
    void discard() throws IOException {
        selector.close();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        Log.log(Level.TRACE, "an event loop begins", null);
        try {
            do {
                poll();
                for (int i = 0; i < count; i++) {
                    Registration each = ready[i];
                    ready[i] = null;
                    try {
                        each.ready();
                    } catch (Throwable e) {
                        uncaught(e);
                    }
                }
                tasks.run(runTask);
                timers.expire(runTask);
            } while (!ending || !closing.isEmpty() || !tasks.close());
            selector.close();
        } catch (IOException e) {
            Log.log(Level.WARNING, "close of a selector", e);
        } finally {
            group.ended();
        }
    }

    private void poll() {
        for (int i = 0; i < YIELDS && strangers.get() > 0; i++) {
            Thread.yield();
        }
        count = 0;
        asleep = true;
        try {
            if (ending || !closing.isEmpty() || !tasks.isEmpty() || strangers.get() > 0) {
                selector.selectNow(collect);
            } else {
                selector.select(collect, timers.delay());
            }
        } catch (Throwable e) {
            Log.log(Level.ERROR, "an event loop cannot poll; it goes on after a pause", e);
            LockSupport.parkNanos(PAUSE_AFTER_FAILURE);
        }
        asleep = false;
        if (count == 0) {
            // An interrupt ends every poll at once, until it is taken away; nobody here waits for one.
            Thread.interrupted();
        }
        for (Runnable each = closing.poll(); each != null; each = closing.poll()) {
            guard(each);
        }
    }

    private void collect(SelectionKey key) {
        Registration each = (Registration) key.attachment();
        if (each != null && each.found()) {
            if (count == ready.length) {
                ready = Arrays.copyOf(ready, 2 * count);
            }
            ready[count++] = each;
        }
    }

    /** A task may be the call of a handler. */
    private void runTask(Runnable task) {
        depth = 1;
        guard(task);
        depth = 0;
    }

    /** What throws ends nothing else. */
    void guard(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            uncaught(e);
        }
    }

    static void uncaught(Throwable e) {
        Thread current = Thread.currentThread();
        try {
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        } catch (Throwable again) {
            Log.log(Level.ERROR, "a handler of uncaught exceptions failed", again);
        }
    }

    /** Calls a handler: at once if this is its thread and few handlers are on the stack, otherwise as a task. */
    void complete(Runnable completion) {
        if (!inLoop()) {
            if (!post(completion)) {
                completion.run();
            }
        } else if (depth < MAX_DEPTH) {
            depth++;
            try {
                completion.run();
            } finally {
                depth--;
            }
        } else {
            post(completion);
        }
    }

    /** Runs it behind the next poll, when a cancelled key is out of the selector. On the loop's thread. */
    void closing(Runnable close) {
        closing.add(close);
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

    /** Closes all channels of this loop that are published; without effect on a loop that has none any more. */
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
