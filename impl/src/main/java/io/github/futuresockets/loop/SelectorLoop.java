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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A thread and its selector: polls, tells what is ready, runs tasks and time-outs, closes what is to be closed. In a group of
 * several threads another thread drives the loop while a handler holds the loop's own, see {@link Lead}. */
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
    /** The loop with a {@link Lead} whose own thread this is. */
    private static final ThreadLocal<SelectorLoop> HERE = new ThreadLocal<>();
    /** How many handlers may be on the stack of a thread. */
    private static final int MAX_DEPTH = 16;

    private static final int YIELDS = 1_000;
    private static final long PAUSE_AFTER_FAILURE = 10_000_000;

    private final LoopChannelGroup group;
    private final Selector selector;
    private final TaskQueue tasks = new TaskQueue();
    private final Timers timers = new Timers();
    private final AtomicInteger strangers = new AtomicInteger();
    private final Consumer<Runnable> runTask = this::runTask;
    private volatile boolean asleep;
    private volatile boolean ending;
    private final AtomicBoolean owned = new AtomicBoolean();
    private volatile @Nullable Thread thread;

    /** Null: the own thread alone drives. */
    private final @Nullable Lead lead;

    /** The driving thread's. */
    private final ArrayDeque<Runnable> closing = new ArrayDeque<>();

    /** How many handlers are on the stack of the own thread: the own thread's. */
    private int depth;

    /**
     * A loop that is driven by the thread that runs it.
     *
     * @param sentinel has another thread drive when a handler holds the loop's own; null: none does
     * @param pooled the own thread comes from a pool, if one is free; until then another drives
     */
    SelectorLoop(LoopChannelGroup group, @Nullable Sentinel sentinel, boolean pooled) throws IOException {
        this.group = group;
        this.lead = sentinel == null ? null : new Lead(this, sentinel, !pooled);
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
        if (Thread.currentThread() == thread) {
            return lead == null || !lead.isTaken();
        }
        return isStandIn();
    }

    private boolean isStandIn() {
        return lead != null && lead.isStandIn();
    }

    /** Whether the current thread drives the loop, and goes on to until {@link #unclaim}. */
    boolean claim() {
        if (Thread.currentThread() == thread) {
            return lead == null || lead.claim();
        }
        return isStandIn();
    }

    void unclaim() {
        if (lead != null && Thread.currentThread() == thread) {
            lead.unclaim();
        }
    }

    boolean isTaken() {
        return lead != null && lead.isTaken();
    }

    /** Whether no handler is under way. */
    boolean isQuiet() {
        return lead == null || lead.isHeld();
    }

    /** Whether a handler is under way, and nobody drives. */
    boolean isLent() {
        return lead != null && lead.isLent();
    }

    /** By the sentinel: whether handlers run. */
    boolean inspect() {
        return lead != null && lead.inspect();
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

    /** Ends the loop, unless a thread runs it and so ends it itself. */
    void discard() throws IOException {
        if (owned.compareAndSet(false, true)) {
            selector.close();
        }
    }

    @Override
    public void run() {
        if (!owned.compareAndSet(false, true)) {
            return;
        }
        thread = Thread.currentThread();
        Log.log(Level.TRACE, "an event loop begins", null);
        Found found = new Found();
        try {
            if (lead != null) {
                HERE.set(this);
                lead.regain();
            }
            do {
                turn(found);
                if (lead != null) {
                    group.runForwarded(this);
                }
            } while (!mayEnd() || !closing.isEmpty() || !tasks.close());
            selector.close();
        } catch (IOException e) {
            Log.log(Level.WARNING, "close of a selector", e);
        } finally {
            HERE.remove();
            group.ended();
        }
    }

    /** Drives the loop while a handler holds the own thread. On a thread of the provider's own. */
    void standIn() {
        Lead taken = Objects.requireNonNull(lead);
        if (!taken.take()) {
            return;
        }
        try {
            group.spread();
            Found found = new Found();
            do {
                turn(found);
            } while (!taken.isWanted() && !isAbandoned());
        } finally {
            taken.giveBack(thread);
        }
        if (isAbandoned()) {
            run();
        }
    }

    /** Whether the loop ends before the pool has had a thread for it. */
    private boolean isAbandoned() {
        return ending && !owned.get();
    }

    /** Whether the own thread can end, but for work of this loop. */
    private boolean mayEnd() {
        return ending && (lead == null || group.isQuiet());
    }

    private void turn(Found found) {
        poll(found);
        for (Registration each = found.next(); each != null; each = found.next()) {
            try {
                each.ready();
            } catch (Throwable e) {
                uncaught(e);
            }
        }
        tasks.run(runTask);
        timers.expire(runTask);
    }

    private boolean isWorkThere() {
        if (!closing.isEmpty() || !tasks.isEmpty() || strangers.get() > 0) {
            return true;
        }
        if (lead != null && lead.isTaken()) {
            return lead.isWanted() || isAbandoned();
        }
        return mayEnd() || lead != null && group.hasForwarded();
    }

    private void poll(Found found) {
        for (int i = 0; i < YIELDS && strangers.get() > 0; i++) {
            Thread.yield();
        }
        found.clear();
        asleep = true;
        try {
            if (isWorkThere()) {
                selector.selectNow(found);
            } else {
                selector.select(found, timers.delay());
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
        for (Runnable each = closing.poll(); each != null; each = closing.poll()) {
            guard(each);
        }
    }

    private void runTask(Runnable task) {
        if (task instanceof Upkeep) {
            guard(task);
        } else if (isStandIn()) {
            group.forward(task);
        } else {
            call(task);
        }
    }

    /** Runs code of the user, on the own thread. */
    void call(Runnable handler) {
        boolean lent = lead != null && lead.lend();
        depth++;
        try {
            guard(handler);
        } finally {
            depth--;
            if (lent) {
                lead.regain();
            }
        }
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

    /**
     * Calls a handler: at once if this is a thread of the loop's group that may, and few handlers are on the stack, otherwise as
     * a task.
     */
    void complete(Runnable completion) {
        SelectorLoop here = here();
        if (here != null && here.depth < MAX_DEPTH) {
            here.call(completion);
        } else if (isStandIn()) {
            group.forward(completion);
        } else if (!post(completion)) {
            completion.run();
        }
    }

    /** The loop whose own thread this is, if the thread may call handlers of this loop's. */
    private @Nullable SelectorLoop here() {
        if (lead == null) {
            return inLoop() ? this : null;
        }
        SelectorLoop of = HERE.get();
        return of != null && of.group == group ? of : null;
    }

    /** Wakes the own thread if it waits for events, for a call that any thread of the group may make; false if it does not. */
    boolean wakeIdle() {
        boolean idle = asleep && lead != null && lead.isHeld();
        if (idle) {
            wakeUp();
        }
        return idle;
    }

    /**
     * The current thread is about to wait for an operation of this loop.
     *
     * @throws IllegalStateException if the operation needs this very thread, and no other can do its work
     */
    void waiting() {
        if (lead == null && inLoop()) {
            throw new IllegalStateException("Waiting for an operation on " + Thread.currentThread()
                    + ", the only thread that can complete it: give a handler, or the channel group more threads");
        }
        SelectorLoop here = HERE.get();
        if (here != null && here.lead != null) {
            here.lead.replace();
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
