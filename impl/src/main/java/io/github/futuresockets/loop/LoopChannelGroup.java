package io.github.futuresockets.loop;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A group of event loops. The way in which the group was opened decides which threads run the loops and call the
 * handlers:
 * <ul>
 *   <li>Fixed pool: the threads of the pool run the loops and call the handlers.
 *   <li>Executor with an initial size greater than 0: as many tasks of the executor run the loops and call the
 *       handlers.
 *   <li>Executor with a negative initial size: the same, with a task for each processor.
 *   <li>Executor with an initial size of 0: a thread of the provider polls and transfers, and tasks of the executor
 *       call the handlers. If an operation that such a handler starts ends at once, the same task calls the handler of
 *       the operation.
 * </ul>
 *
 * <p>In a group of several loops that {@link LoopChannelProvider#openEventLoops} has not opened, a handler may hold the
 * thread of a loop. Then a thread of the provider polls and transfers until the handler returns. Meanwhile other
 * threads of the group, or further tasks of the executor, call the handlers.
 *
 * <p>If the executor refuses a task, a thread of the provider calls the handler. So no handler is lost.
 *
 * <p>As an {@link Executor}, the group runs tasks on the threads that call the handlers.
 */
public final class LoopChannelGroup extends AsynchronousChannelGroup implements Executor {
    /*
     * End. `channels` is the number of open channels, plus 1 until the shutdown of the group. The thread that
     * decrements `channels` to 0 ends the loops. Afterwards no channel can be opened.
     *
     * Close of all channels. `shutdownNow` sets `closing`, and then closes the published channels. A thread that opens
     * a channel publishes the channel, and then reads `closing`. So either `shutdownNow` or the opening thread closes
     * the channel.
     *
     * The monitor of this object guards only the first shutdown. All fields are final or volatile. `loops` and
     * `threads` do not change after the constructor.
     */
    private final List<SelectorLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final @Nullable HandlerPool pool;
    private final boolean shared;
    private final CountDownLatch running;
    private final Forwarded forwarded;
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger channels = new AtomicInteger(1);
    private volatile boolean shutdown;
    private volatile boolean closing;

    /**
     * Opens loops and starts their threads.
     *
     * @param factory makes the loops' threads, or null if tasks of the executor run the loops
     * @param executor calls the handlers of loops with threads from a factory, or null if the loops' threads do
     * @param shared true if another thread can take a loop
     */
    LoopChannelGroup(
            LoopChannelProvider provider,
            int count,
            @Nullable ThreadFactory factory,
            @Nullable ExecutorService executor,
            boolean shared)
            throws IOException {
        super(provider);
        this.pool = executor == null ? null : new HandlerPool(executor);
        this.shared = shared;
        this.forwarded = new Forwarded(loops, pool);
        this.running = new CountDownLatch(count);
        Sentinel sentinel = shared ? new Sentinel(loops) : null;
        try {
            for (int i = 0; i < count; i++) {
                SelectorLoop loop = new SelectorLoop(this, sentinel, factory == null);
                loops.add(loop);
                if (factory != null) {
                    threads.add(Objects.requireNonNull(factory.newThread(loop), "the thread factory gave no thread"));
                }
            }
            threads.forEach(Thread::start);
            if (factory == null) {
                loops.forEach(Objects.requireNonNull(executor)::execute);
            }
            if (factory == null && sentinel != null) {
                sentinel.watch();
            }
        } catch (Throwable e) {
            for (SelectorLoop each : loops) {
                each.end();
                each.discard();
            }
            throw e;
        }
    }

    /**
     * Returns the loops of this group, a loop for each thread that polls.
     *
     * @return a list that does not change
     */
    public List<EventLoop> loops() {
        return List.copyOf(loops);
    }

    /** Returns the next loop in turn. Skips loops with a stand-in, unless all loops have a stand-in. */
    SelectorLoop next() {
        SelectorLoop next = inTurn();
        for (int i = 1; i < loops.size() && next.isTaken(); i++) {
            next = inTurn();
        }
        return next;
    }

    private SelectorLoop inTurn() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    /** Opens a channel. */
    interface Opening<C extends Registration.Owner> {
        C open() throws IOException;
    }

    /**
     * Opens, counts and publishes a channel. Throws a {@link ShutdownChannelGroupException} if the group is shut down.
     */
    <C extends Registration.Owner> C open(Opening<C> opening) throws IOException {
        int before = channels.getAndUpdate(count -> count == 0 ? 0 : count + 1);
        if (before == 0) {
            throw new ShutdownChannelGroupException();
        }
        boolean opened = false;
        try {
            if (shutdown) {
                throw new ShutdownChannelGroupException();
            }
            C channel = opening.open();
            opened = true;
            channel.registration().publish();
            if (closing) {
                channel.close();
                throw new ShutdownChannelGroupException();
            }
            return channel;
        } finally {
            if (!opened) {
                closed();
            }
        }
    }

    /** Opens a channel for an accepted connection, on the next loop. */
    AsynchronousSocketChannel adopt(SocketChannel accepted) throws IOException {
        return open(() -> new LoopSocketChannel(next(), accepted, true, false));
    }

    /** Called once for each closed channel, and once for the shutdown of the group. */
    void closed() {
        if (channels.decrementAndGet() == 0) {
            loops.forEach(SelectorLoop::end);
        }
    }

    /** Called when a loop has ended. */
    void ended() {
        running.countDown();
        loops.forEach(SelectorLoop::wakeUp);
        if (running.getCount() == 0 && pool != null) {
            pool.executor().shutdown();
        }
    }

    /**
     * Returns true if no handler runs and no call is forwarded. A loop ends only when the group is quiet, and then
     * wakes the other loops.
     */
    boolean isQuiet() {
        for (SelectorLoop each : loops) {
            if (!each.isQuiet()) {
                return false;
            }
        }
        return forwarded.isEmpty();
    }

    /** Returns the queue of the handler calls for any thread of the group. */
    Forwarded forwarded() {
        return forwarded;
    }

    /**
     * Calls a handler on a thread for handlers. If {@code now} is true, this can be the current thread, within the
     * call.
     */
    void complete(SelectorLoop loop, Completion<?, ?> completion, boolean now) {
        if (now && pool != null && pool.callHere(completion)) {
            return;
        }
        if (pool != null && !shared) {
            pool.dispatch(completion, loop);
        } else if (now) {
            loop.complete(completion);
        } else if (!loop.post(completion)) {
            completion.run();
        }
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        if (pool != null) {
            pool.executor().execute(task);
        } else {
            next().execute(task);
        }
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return running.getCount() == 0 && (pool == null || pool.executor().isTerminated());
    }

    @Override
    public void shutdown() {
        synchronized (this) {
            if (shutdown) {
                return;
            }
            shutdown = true;
        }
        closed();
    }

    @Override
    public void shutdownNow() throws IOException {
        shutdown();
        closing = true;
        for (SelectorLoop loop : loops) {
            loop.poller().closeAll();
        }
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long end = System.nanoTime() + unit.toNanos(timeout);
        if (!running.await(timeout, unit)) {
            return false;
        }
        for (Thread each : threads) {
            if (each != Thread.currentThread()) {
                TimeUnit.NANOSECONDS.timedJoin(each, Math.max(1, end - System.nanoTime()));
            }
        }
        return pool == null || pool.executor().awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}
