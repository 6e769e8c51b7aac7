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
 * The event loop: polls, reports readiness, runs tasks and time-outs, and closes descriptors. In a group of several
 * threads, another thread drives the loop while a handler holds the loop's own thread. See {@link Lead}.
 */
final class SelectorLoop implements EventLoop, Runnable {
    private final LoopChannelGroup group;
    private final Poller poller = new Poller();
    private final TaskQueue tasks = new TaskQueue();
    private final Timers timers = new Timers();
    private final Consumer<Runnable> runTask = this::runTask;

    // any thread
    private volatile boolean ending;

    /** True once a thread runs the loop, or the loop was discarded. */
    private final AtomicBoolean owned = new AtomicBoolean();

    /** The loop's own thread. */
    private volatile @Nullable Thread thread;

    /** Null if only the own thread drives. */
    private final @Nullable Lead lead;

    // the driving thread alone
    /** The closes that wait for the next poll. */
    private final ArrayDeque<Runnable> closing = new ArrayDeque<>();

    private final Caller caller;

    /**
     * Makes a loop. The thread that calls {@link #run} becomes the loop's own thread.
     *
     * @param sentinel starts a stand-in when a handler holds the own thread. Null if no stand-in may drive the loop
     * @param pooled true if the own thread comes from an executor. Until then a stand-in drives
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

    /** Returns true if the current thread drives the loop. Then the thread drives until {@link #unclaim}. */
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

    /** Returns true if no handler of this loop runs. */
    boolean isQuiet() {
        return lead == null || lead.isHeld();
    }

    /** Returns true if a handler runs, and no thread drives the loop. */
    boolean isLent() {
        return lead != null && lead.isLent();
    }

    /** Returns true if handlers run. By the sentinel. See {@link Lead#inspect}. */
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

    /** Adds a task and wakes the loop. Returns false if the loop has ended. Then all channels are closed. */
    boolean post(Runnable task) {
        boolean taken = tasks.add(task);
        wakeUp();
        return taken;
    }

    void wakeUp() {
        poller.wakeUp();
    }

    /** Ends the loop. Called when the last channel of the group is closed. */
    void end() {
        ending = true;
        wakeUp();
    }

    /** Closes the selector of a loop that no thread runs. Otherwise the thread closes the selector at its end. */
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

    /** Drives the loop while a handler holds the own thread. Runs on a helper thread. */
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

    /** Returns true if the loop ends before the executor has run the loop. */
    private boolean isAbandoned() {
        return ending && !owned.get();
    }

    /** Returns true if the own thread may end after all work of this loop is done. */
    private boolean mayEnd() {
        return ending && (lead == null || group.isQuiet());
    }

    /** Runs a turn: a poll, the closes, the notifications, the tasks, the time-outs. By the driving thread. */
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

    /** Returns true if the driving thread must not wait in the poll. */
    boolean isWorkThere() {
        if (!closing.isEmpty() || !tasks.isEmpty()) {
            return true;
        }
        if (lead != null && lead.isTaken()) {
            return lead.isWanted() || isAbandoned();
        }
        return mayEnd() || lead != null && !group.forwarded().isEmpty();
    }

    /** Runs a task of the provider, calls a handler, or forwards the handler if a stand-in drives. */
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
     * Calls a handler at once if the current thread may call handlers and its stack has room. Otherwise a task of the
     * loop calls the handler.
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

    /** Wakes the own thread for a forwarded call. Returns false if the own thread does not wait in a poll. */
    boolean wakeIdle() {
        boolean idle = poller.isAsleep() && lead != null && lead.isHeld();
        if (idle) {
            wakeUp();
        }
        return idle;
    }

    /**
     * Called before the current thread waits for an operation of this loop.
     *
     * @throws IllegalStateException if only the current thread can complete the operation
     */
    void waiting() {
        if (lead == null && inLoop()) {
            throw new IllegalStateException("Waiting for an operation on " + Thread.currentThread()
                    + ", the only thread that can complete it: give a handler, or the channel group more threads");
        }
        Caller.waiting();
    }

    /**
     * Adds a close that runs after the next poll has removed the cancelled key from the selector. By the driving
     * thread.
     */
    void closing(Runnable close) {
        closing.add(close);
    }
}
