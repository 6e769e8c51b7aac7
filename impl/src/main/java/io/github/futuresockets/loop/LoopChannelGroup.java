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
 * A group of event loops. With a fixed pool, the pool's threads run the loops and call the handlers. With an executor and an
 * initial size, so many tasks of the executor do that. With an executor and an initial size of 0, one thread of the
 * provider's own polls and transfers, and tasks of the executor call the handlers. An operation that such a handler starts and
 * that ends at once has its handler called by the same task.
 *
 * <p>If a handler holds the thread of a loop, a thread of the provider's own polls and transfers in its place, until the
 * handler returns; handlers are called by other threads of the group meanwhile, or by further ones of the executor.
 *
 * <p>If the executor refuses a task, a thread of the provider's own calls the handler: no handler is lost.
 *
 * <p>As an executor it runs tasks where it calls handlers.
 */
public final class LoopChannelGroup extends AsynchronousChannelGroup implements Executor {
    /*
     * `channels` counts the open ones, and one for the group itself until it is shut down: whoever brings it to zero ends
     * the loops, and no channel can be opened any more.
     *
     * `closing` is set before all channels are looked up in order to close them, and looked at behind the publishing of a new
     * one: so each is found or closed by who opens it.
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
     * @param factory makes the loops' threads; null: those of the executor run the loops
     * @param executor calls the handlers of loops with threads from a factory; null: the loops' threads call the handlers
     * @param shared another thread can take a loop over
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
     * The loops of this group, one for each thread that polls.
     *
     * @return a list that does not change
     */
    public List<EventLoop> loops() {
        return List.copyOf(loops);
    }

    /** The next loop in turn whose thread is not held by a handler, if there is one. */
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

    /** What makes a channel. */
    interface Opening<C extends Registration.Owner> {
        C open() throws IOException;
    }

    /** Counts a channel, and opens it unless the group is shut down. */
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

    /** A channel for an accepted connection, on the next loop. */
    AsynchronousSocketChannel adopt(SocketChannel accepted) throws IOException {
        return open(() -> new LoopSocketChannel(next(), accepted, true, false));
    }

    /** A channel has been closed, or the group shut down. */
    void closed() {
        if (channels.decrementAndGet() == 0) {
            loops.forEach(SelectorLoop::end);
        }
    }

    /** A loop has ended. */
    void ended() {
        running.countDown();
        loops.forEach(SelectorLoop::wakeUp);
        if (running.getCount() == 0 && pool != null) {
            pool.executor().shutdown();
        }
    }

    /** Whether no handler is under way, so that no call will be forwarded. A thread that ends wakes those that have waited for it. */
    boolean isQuiet() {
        for (SelectorLoop each : loops) {
            if (!each.isQuiet()) {
                return false;
            }
        }
        return forwarded.isEmpty();
    }

    /** The calls that any thread of the group may make. */
    Forwarded forwarded() {
        return forwarded;
    }

    /** Calls a handler where handlers are called: now if that is here, and allowed. */
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
