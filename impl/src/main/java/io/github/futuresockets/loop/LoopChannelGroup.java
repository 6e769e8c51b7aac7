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
 * A group of event loops. With a fixed pool the loops' threads are the pool and call the handlers; with an executor they only
 * poll and transfer, and each call of a handler is a task of the executor.
 *
 * <p>The number of loops with an executor is its initial size, and at least one. If the executor refuses a task, a
 * handler is called by its loop rather than lost.
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
    private final @Nullable ExecutorService executor;
    private final CountDownLatch running;
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger channels = new AtomicInteger(1);
    private volatile boolean shutdown;
    private volatile boolean closing;

    LoopChannelGroup(LoopChannelProvider provider, int count, ThreadFactory factory, @Nullable ExecutorService executor)
            throws IOException {
        super(provider);
        this.executor = executor;
        this.running = new CountDownLatch(count);
        try {
            for (int i = 0; i < count; i++) {
                SelectorLoop loop = new SelectorLoop(this);
                loops.add(loop);
                threads.add(Objects.requireNonNull(factory.newThread(loop), "the thread factory gave no thread"));
            }
            threads.forEach(Thread::start);
        } catch (Throwable e) {
            for (int i = 0; i < loops.size(); i++) {
                loops.get(i).end();
                if (i >= threads.size() || !threads.get(i).isAlive()) {
                    loops.get(i).discard();
                }
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

    SelectorLoop next() {
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
        if (running.getCount() == 0 && executor != null) {
            executor.shutdown();
        }
    }

    /** Calls a handler where handlers are called: now if that is here, and allowed. */
    void complete(SelectorLoop loop, Completion<?, ?> completion, boolean now) {
        if (executor != null) {
            dispatch(executor, loop, completion);
        } else if (now) {
            loop.complete(completion);
        } else if (!loop.post(completion)) {
            completion.run();
        }
    }

    /** What a pool refuses, the loop does. */
    private static void dispatch(ExecutorService executor, SelectorLoop loop, Runnable task) {
        try {
            executor.execute(task);
        } catch (Throwable refused) {
            if (!loop.post(task)) {
                task.run();
            }
        }
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        if (executor != null) {
            executor.execute(task);
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
        return running.getCount() == 0 && (executor == null || executor.isTerminated());
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
            loop.closeAll();
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
        return executor == null || executor.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}
