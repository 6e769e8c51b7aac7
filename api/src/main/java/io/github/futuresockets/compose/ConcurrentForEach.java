package io.github.futuresockets.compose;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The future of a loop with several stages at the same time, each for an item. Succeeds when all stages have succeeded.
 * The first failure fails the loop and cancels the stages in progress, as does a cancel of the loop.
 *
 * @param <T> the type of the items
 */
public final class ConcurrentForEach<T> extends OperationFuture<Void> {
    /*
     * `drain` starts stages. Therefore the iterator has a single user at a time, and a stage that is done at once does
     * not deepen the stack.
     *
     * A stage is either in `running` before `stopped` is set, and `stop` cancels the stage, or the thread that would
     * add the stage cancels the stage.
     */
    private final String name;
    private final Iterator<? extends T> items;
    private final int width;
    private final Function<? super T, ? extends @Nullable CompletionStage<?>> body;
    private final SerialDrain drain = new SerialDrain(this::start);

    // guarded by running
    private final Set<CompletionStage<?>> running = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean stopped;
    private boolean exhausted;

    /**
     * Creates a loop without a stage in progress.
     *
     * @param context the sockets of the loop, or null
     * @param name the name of the loop in messages
     * @param items the items, taken by a single thread at a time
     * @param width the maximum number of stages in progress, at least 1
     * @param body starts the stage for an item; a null stage counts as done
     */
    public ConcurrentForEach(
            @Nullable IoContext context,
            String name,
            Iterator<? extends T> items,
            int width,
            Function<? super T, ? extends @Nullable CompletionStage<?>> body) {
        super(context);
        this.name = name;
        this.items = items;
        this.width = width;
        this.body = body;
    }

    /**
     * Starts stages while there are items and fewer than {@code width} stages in progress. Completes the loop after the
     * last.
     */
    public void advance() {
        drain.drain();
    }

    private void start() {
        try {
            while (hasRoom()) {
                if (items.hasNext()) {
                    begin(body.apply(items.next()));
                } else {
                    synchronized (running) {
                        exhausted = true;
                    }
                }
            }
        } catch (Throwable e) {
            fail(e);
        }
        if (isOver()) {
            deliver(null);
        }
    }

    private boolean hasRoom() {
        synchronized (running) {
            return !stopped && !exhausted && running.size() < width;
        }
    }

    /**
     * Returns true if a stage has failed or the loop was cancelled.
     *
     * @return true if no further stage begins
     */
    public boolean isStopped() {
        synchronized (running) {
            return stopped;
        }
    }

    private boolean isOver() {
        synchronized (running) {
            return exhausted && !stopped && running.isEmpty();
        }
    }

    /** Returns false if the stage is in progress already, or if no further stage begins. */
    private boolean add(CompletionStage<?> stage) {
        synchronized (running) {
            return !stopped && running.add(stage);
        }
    }

    /**
     * Adds a stage to the stages in progress.
     *
     * @param stage the stage, or null for a stage that is done
     */
    public void begin(@Nullable CompletionStage<?> stage) {
        if (stage == null) {
            return;
        }
        belongTo(stage);
        try {
            watch(stage);
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void watch(CompletionStage<?> stage) {
        CompletionStage<?> watched = stage;
        boolean added = add(stage);
        if (!added && !isStopped()) {
            // The stage runs already for another item. A derived stage stands for this item.
            watched = stage.thenApply(value -> value);
            added = add(watched);
        }
        if (!added) {
            CancelSlot.cancel(stage);
            return;
        }
        CompletionStage<?> mine = watched;
        mine.whenComplete((value, failure) -> {
            synchronized (running) {
                running.remove(mine);
            }
            if (failure != null) {
                fail(failure);
            } else {
                advance();
            }
        });
    }

    private void fail(Throwable failure) {
        if (stop()) {
            deliverFailure(bare(failure));
        }
    }

    /** Stops the loop and cancels the stages in progress. Returns false if the loop was stopped already. */
    private boolean stop() {
        List<CompletionStage<?>> open;
        synchronized (running) {
            if (stopped) {
                return false;
            }
            stopped = true;
            open = new ArrayList<>(running);
        }
        open.forEach(CancelSlot::cancel);
        return true;
    }

    @Override
    protected boolean withdraw() {
        stop();
        return true;
    }

    @Override
    protected String describe() {
        List<CompletionStage<?>> open;
        synchronized (running) {
            open = new ArrayList<>(running);
        }
        return describe(name, open);
    }

    /**
     * Returns the loop's name with a pending stage, preferably a stage of this library, and the count of the other
     * stages.
     */
    static String describe(String name, List<? extends CompletionStage<?>> open) {
        if (open.isEmpty()) {
            return name;
        }
        CompletionStage<?> one = open.get(0);
        for (CompletionStage<?> each : open) {
            one = one instanceof OperationFuture<?> ? one : each;
        }
        return name + ": " + nameOf(one) + (open.size() == 1 ? "" : " and " + (open.size() - 1) + " more");
    }
}
