package io.github.futuresockets.loop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ProtocolFamily;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A thread and its selector: polls, tells what is ready, runs tasks and time-outs, closes what is to be closed. In a group of
 * several threads another thread drives the loop while a handler holds the loop's own, see {@link Lead}.
 */
final class SelectorLoop implements EventLoop, Runnable {
    private final LoopChannelGroup group;
    private final Poller poller = new Poller();
    private final TaskQueue tasks = new TaskQueue();
    private final Timers timers = new Timers();
    private final Consumer<Runnable> runTask = this::runTask;
    private volatile boolean ending;
    private final AtomicBoolean owned = new AtomicBoolean();
    private volatile @Nullable Thread thread;

    /** Null: the own thread alone drives. */
    private final @Nullable Lead lead;

    /** The driving thread's. */
    private final ArrayDeque<Runnable> closing = new ArrayDeque<>();

    private final Caller caller;

    /**
     * A loop that is driven by the thread that runs it.
     *
     * @param sentinel has another thread drive when a handler holds the loop's own; null: none does
     * @param pooled the own thread comes from a pool, if one is free; until then another drives
     */
    SelectorLoop(LoopChannelGroup group, @Nullable Sentinel sentinel, boolean pooled) throws IOException {
        this.group = group;
        this.lead = sentinel == null ? null : new Lead(this, sentinel, !pooled);
        this.caller = new Caller(group, lead);
    }

    LoopChannelGroup group() {
        return group;
    }

    Poller poller() {
        return poller;
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
        poller.wakeUp();
    }

    /** Ends the thread; the last channel of the group is closed. */
    void end() {
        ending = true;
        wakeUp();
    }

    /** Ends the loop, unless a thread runs it and so ends it itself. */
    void discard() throws IOException {
        if (owned.compareAndSet(false, true)) {
            poller.selector().close();
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
                caller.begin();
                lead.regain();
            }
            do {
                turn(found);
                if (lead != null) {
                    group.forwarded().run(caller);
                }
            } while (!mayEnd() || !closing.isEmpty() || !tasks.close());
            poller.selector().close();
        } catch (IOException e) {
            Log.log(Level.WARNING, "close of a selector", e);
        } finally {
            caller.end();
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
            group.forwarded().spread();
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
        poller.poll(this, found);
        for (Runnable each = closing.poll(); each != null; each = closing.poll()) {
            Caller.guard(each);
        }
        for (Registration each = found.next(); each != null; each = found.next()) {
            try {
                each.ready();
            } catch (Throwable e) {
                Caller.uncaught(e);
            }
        }
        tasks.run(runTask);
        timers.expire(runTask);
    }

    /** Whether the driving thread must not wait for events. */
    boolean isWorkThere() {
        if (!closing.isEmpty() || !tasks.isEmpty()) {
            return true;
        }
        if (lead != null && lead.isTaken()) {
            return lead.isWanted() || isAbandoned();
        }
        return mayEnd() || lead != null && !group.forwarded().isEmpty();
    }

    private void runTask(Runnable task) {
        if (task instanceof Upkeep) {
            Caller.guard(task);
        } else if (isStandIn()) {
            group.forwarded().add(task);
        } else {
            caller.call(task);
        }
    }

    /**
     * Calls a handler: at once if this is a thread of the loop's group that may, and few handlers are on the stack, otherwise as
     * a task.
     */
    void complete(Runnable completion) {
        Caller here = lead != null ? Caller.here(group) : inLoop() ? caller : null;
        if (here != null && here.mayCall()) {
            here.call(completion);
        } else if (isStandIn()) {
            group.forwarded().add(completion);
        } else if (!post(completion)) {
            completion.run();
        }
    }

    /** Wakes the own thread if it waits for events, for a call that any thread of the group may make; false if it does not. */
    boolean wakeIdle() {
        boolean idle = poller.isAsleep() && lead != null && lead.isHeld();
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
        Caller.waiting();
    }

    /** Runs it behind the next poll, when a cancelled key is out of the selector. On the loop's thread. */
    void closing(Runnable close) {
        closing.add(close);
    }
}
